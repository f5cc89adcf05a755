// The public client, unchanged, against a clearinghouse of ours: one report finished, one retracted.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, baseUrl, username, password] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/package.json`));
const tools = require("@civitai/cybertipline-tools");

const client = new tools.Client({
  environment: tools.Environment.Testing,
  credentials: { username, password },
});
client.baseUrl = baseUrl;

const happened = new Date(Date.now() - 3600 * 1000);
const report = {
  incidentSummary: {
    incidentType: tools.IncidentType.ChildSexTrafficking,
    reportAnnotations: { sextortion: true },
    incidentDateTime: happened,
  },
  incidentDetails: {
    webPageIncidents: [{ url: ["https://site.example/page"], thirdPartyHostedContent: true }],
    chatImIncidents: [{ chatClient: "Example Chat" }],
  },
  reporter: { reportingPerson: { firstName: "Rep", email: [{ email: "ts@esp.example" }] } },
  personOrUserReported: {
    personOrUserReportedPerson: { email: [{ email: "u1@mail.example" }] },
    espIdentifier: "user-0001",
    espService: "Example Chat",
    screenName: "synthetic_user",
    ipCaptureEvent: [
      { ipAddress: "203.0.113.7", eventName: tools.IPEventName.Login, dateTime: happened },
    ],
  },
  victim: [{ victimPerson: { age: 13 } }],
  additionalInfo: "Synthetic.",
};

const status = await client.getStatus();
const opened = await client.submitReport(report);
const id = opened.data.reportId;
const file = new File(["synthetic bytes"], "synthetic.jpg", { type: "image/jpeg" });
const uploaded = await client.uploadFile({ id, file });
const described = await client.submitFileDetails({
  reportId: id,
  fileId: uploaded.data.fileId,
  originalFileName: "synthetic.jpg",
  fileViewedByEsp: true,
  fileRelevance: tools.FileRelevance.Reported,
  fileAnnotations: { viral: true },
  industryClassification: "B2",
  originalFileHash: [{ value: uploaded.data.hash, hashType: "MD5" }],
  ipCaptureEvent: { ipAddress: "2001:db8::7", eventName: tools.IPEventName.Upload, dateTime: happened },
  additionalInfo: ["Synthetic."],
});
const finished = await client.finishReport({ id });

const second = await client.submitReport(report);
const retracted = await client.cancelReport({ id: second.data.reportId });

let refused = "";
try {
  await client.uploadFile({ id, file });
} catch (error) {
  refused = error.message;
}

console.log(
  JSON.stringify({
    status: status.data,
    uploaded: uploaded.data,
    described: described.data,
    finished: finished.data,
    retracted: retracted.data,
    second: second.data.reportId,
    refused,
  }),
);
