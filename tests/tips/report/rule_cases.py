"""The rules of the protocol, each with documents that keep it and documents that break it."""

from dataclasses import dataclass

SUMMARY = "<incidentSummary><incidentType>Child Sex Trafficking</incidentType>{}</incidentSummary>"
REPORTER = "<reporter><reportingPerson><email>ts@esp.example</email></reportingPerson></reporter>"
WEB = "<internetDetails><webPageIncident>{}</webPageIncident></internetDetails>"
BATCH = '<batchedReport reason="VIRAL_POTENTIAL_MEME"/>'
DETAILS = "<reportId>900000123</reportId><fileId>a1</fileId>"


def report(people: str = "", *, summary: str = "", web: str = "", batch: str = "") -> str:
    internet = "" if batch else web or WEB.format("")
    return f"<report>{batch}{SUMMARY.format(summary)}{internet}{REPORTER}{people}</report>"


def reported(inside: str) -> str:
    return report(f"<personOrUserReported>{inside}</personOrUserReported>")


def person(inside: str) -> str:
    named = f"<personOrUserReportedPerson>{inside}</personOrUserReportedPerson>"
    return reported(named)


def account(inside: str = "", attributes: str = 'type="Linked"') -> str:
    return reported(f"<associatedAccount {attributes}>{inside}</associatedAccount>")


def place(inside: str) -> str:
    return reported(f"<estimatedLocation>{inside}</estimatedLocation>")


def ip(inside: str) -> str:
    return reported(f"<ipCaptureEvent>{inside}</ipCaptureEvent>")


def disabled(attributes: str) -> str:
    name = "accountTemporarilyDisabled"
    return reported(f"<{name} {attributes}>true</{name}>")


def details(inside: str) -> str:
    return f"<fileDetails>{DETAILS}{inside}</fileDetails>"


def batched(inside: str) -> str:
    """Details that `examine` takes for those of a batched report's file."""
    return f"b{details(inside)}"


def mail(incident: str, party: str) -> str:
    web = f"<internetDetails><emailIncident><emailAddress>{incident}</emailAddress></emailIncident></internetDetails>"
    return report(party, web=web)


def party(outer: str, address: str) -> str:
    return f"<{outer}><{outer}Person><email>{address}</email></{outer}Person></{outer}>"


@dataclass(frozen=True, slots=True)
class Case:
    """A rule with documents that keep it, and broken ones with the element at fault."""

    rule: str
    kept: tuple[str, ...]
    broken: tuple[tuple[str, str], ...]


IP = "<ipAddress>{}</ipAddress>"
DAY = "2025-12-31T10:00:00"
MARKED = "<fileAnnotations><viral/></fileAnnotations>"
CASES = (
    Case(
        "ip-address",
        (ip(IP.format("203.0.113.7")), ip(IP.format("::ffff:192.0.2.1"))),
        ((ip(IP.format("203.0.113.300")), "ipAddress"), (ip("<ipAddress/>"), "ipAddress")),
    ),
    Case(
        "not-blank",
        (report(summary="<escalateToHighPriority>now</escalateToHighPriority>"),),
        (
            (report(summary="<escalateToHighPriority> </escalateToHighPriority>"),
             "escalateToHighPriority"),
            (reported("<deviceId><idType/><idValue>1</idValue></deviceId>"), "idType"),
            (reported("<deviceId><idType>IMEI</idType><idValue> </idValue></deviceId>"),
             "idValue"),
        ),
    ),
    Case(
        "time-offset",
        (ip(f"{IP.format('192.0.2.1')}<dateTime>{DAY}+09:00</dateTime>"),
         person(f"<dateOfBirth>{DAY}Z</dateOfBirth>"), disabled(f'reenabledDate="{DAY}Z"')),
        (
            (ip(f"{IP.format('192.0.2.1')}<dateTime>{DAY}</dateTime>"), "dateTime"),
            (report(summary=f"<incidentDateTime>{DAY}</incidentDateTime>"), "incidentDateTime"),
            (details(f"<uploadedToEspTimestamp>{DAY}</uploadedToEspTimestamp>"),
             "uploadedToEspTimestamp"),
            (person(f'<email verified="true" verificationDate="{DAY}">a@b.example</email>'),
             "email"),
            (reported(f'<estimatedLocation timestamp="{DAY}"><countryCode>KR</countryCode>'
                      "</estimatedLocation>"), "estimatedLocation"),
            (disabled(f'disabledDate="{DAY}"'), "accountTemporarilyDisabled"),
            (disabled(f'userNotifiedDate="{DAY}"'), "accountTemporarilyDisabled"),
            (disabled(f'reenabledDate="{DAY}"'), "accountTemporarilyDisabled"),
            (person(f"<dateOfBirth>{DAY}</dateOfBirth>"), "dateOfBirth"),
        ),
    ),
    Case(
        "time-past",
        (report(summary="<incidentDateTime>2026-01-06T00:05:00Z</incidentDateTime>"),
         disabled('reenabledDate="2027-01-01T00:00:00Z"')),
        (
            (report(summary="<incidentDateTime>2026-01-06T00:05:01Z</incidentDateTime>"),
             "incidentDateTime"),
            (disabled('disabledDate="2026-02-01T00:00:00Z"'), "accountTemporarilyDisabled"),
            (disabled('userNotifiedDate="2026-02-01T00:00:00Z"'), "accountTemporarilyDisabled"),
        ),
    ),
    Case(
        "birth-date",
        (person("<dateOfBirth>2026-01-06</dateOfBirth>"),),
        ((person("<dateOfBirth>2026-01-07</dateOfBirth>"), "dateOfBirth"),),
    ),
    Case(
        "verified",
        (person(f'<phone verified="1" verificationDate="{DAY}Z">1</phone>'),
         person('<email verified="false">a@b.example</email>')),
        (
            (person(f'<phone verificationDate="{DAY}Z">1</phone>'), "phone"),
            (person(f'<email verified="false" verificationDate="{DAY}Z">a@b.example</email>'),
             "email"),
        ),
    ),
    Case(
        "calling-code",
        (person('<phone countryCallingCode="+39">391234567</phone>'),
         person("<phone>+39391234567</phone>")),
        (
            (person('<phone countryCallingCode="+82">+821000000000</phone>'), "phone"),
            (person('<phone countryCallingCode="+82">(+82) 10-0000-0000</phone>'), "phone"),
        ),
    ),
    Case(
        "email-form",
        (person("<email>a.@b.example</email>"), person("<email>u@[192.0.2.1]</email>")),
        ((person("<email>a@b..example</email>"), "email"), (person("<email>a</email>"), "email"),
         (person(f"<email>{'l' * 65}@b.example</email>"), "email")),
    ),
    Case(
        "incident-email",
        (mail("A@b.example", party("victim", "a@B.example")),
         mail("a@b.example", party("intendedRecipient", "a@b.example")),
         mail("a@b.example", party("personOrUserReported", "a@b.example"))),
        ((mail("a@b.example", party("victim", "c@b.example")), "emailAddress"),
         (mail("ts@esp.example", ""), "emailAddress")),
    ),
    Case(
        "url-form",
        (report(web=WEB.format("<url>https://a.example/길</url>")),),
        ((report(web=WEB.format("<url>https://a.example/\u00a0b</url>")), "url"),
         (reported("<profileUrl>https://a.example/\u0085</profileUrl>"), "profileUrl"),
         (details("<locationOfFile>https://a.example/\u2003</locationOfFile>"), "locationOfFile")),
    ),
    Case(
        "url-scheme",
        (report(web=WEB.format("<url>ftp://a.example</url>")),),
        ((report(web=WEB.format("<url>bad1.example.com</url>")), "url"),),
    ),
    Case(
        "location-country",
        (place("<countryCode>KR</countryCode>"),),
        ((place("<city>Seoul</city>"), "estimatedLocation"),
         (place("<countryCode/>"), "estimatedLocation")),
    ),
    Case(
        "location-region",
        (place("<city>Springfield</city><region>IL</region><countryCode>US</countryCode>"),
         place("<city>Seoul</city><countryCode>KR</countryCode>"),
         place("<region>Anywhere</region><countryCode>KR</countryCode>")),
        ((place("<city>Springfield</city><countryCode>US</countryCode>"), "estimatedLocation"),
         (place("<region>Illinois</region><countryCode>US</countryCode>"), "region")),
    ),
    Case(
        "account-type",
        (account(attributes='accountType="Linked"'),
         account(attributes='type="Other" accountType="Other"')),
        ((account(attributes=""), "associatedAccount"),
         (account(attributes='type="Other" accountType="Linked"'), "associatedAccount")),
    ),
    Case(
        "age-or-birth",
        (account("<approximateAge>13</approximateAge>"),),
        ((account("<approximateAge>13</approximateAge><dateOfBirth>2010-01-01</dateOfBirth>"),
          "associatedAccount"),),
    ),
    Case(
        "notified-order",
        (disabled(f'disabledDate="{DAY}Z" userNotifiedDate="{DAY}Z"'),),
        ((disabled(f'disabledDate="{DAY}Z" userNotifiedDate="{DAY}+00:01"'),
          "accountTemporarilyDisabled"),),
    ),
    Case(
        "reenabled-order",
        (disabled(f'disabledDate="{DAY}+00:01" reenabledDate="{DAY}Z"'),),
        ((disabled(f'disabledDate="{DAY}Z" reenabledDate="{DAY}Z"'),
          "accountTemporarilyDisabled"),),
    ),
    Case(
        "reporter-email",
        (report(),),
        ((report().replace("<email>ts@esp.example</email>", ""), "reportingPerson"),),
    ),
    Case(
        "one-reported",
        (report("<personOrUserReported/>"),),
        ((report("<personOrUserReported/>" * 2), "personOrUserReported"),),
    ),
    Case(
        "internet-details",
        (report(),),
        ((f"<report>{SUMMARY.format('')}{REPORTER}</report>", "report"),),
    ),
    Case(
        "batched-people",
        (report("<personOrUserReported><espIdentifier>u</espIdentifier></personOrUserReported>" * 3,
                batch=BATCH), report(batch=BATCH)),
        ((report("<personOrUserReported/>", batch=BATCH), "personOrUserReported"),
         (report("<personOrUserReported><espIdentifier>u</espIdentifier><screenName>s</screenName>"
                 "</personOrUserReported>", batch=BATCH), "personOrUserReported")),
    ),
    Case(
        "batched-fields",
        (report(batch=BATCH, summary="<platform>p</platform>"),),
        (
            (report(batch=BATCH, summary="<escalateToHighPriority>x</escalateToHighPriority>"),
             "escalateToHighPriority"),
            (report(batch=BATCH).replace("<reporter>", WEB.format("") + "<reporter>"),
             "internetDetails"),
            (report(batch=BATCH).replace("<reporter>", "<lawEnforcement><agencyName>a</agencyName>"
                                         "</lawEnforcement><reporter>"), "lawEnforcement"),
            (report("<intendedRecipient/>", batch=BATCH), "intendedRecipient"),
            (report("<victim><victimPerson/></victim>", batch=BATCH), "victim"),
            (report("<additionalInfo>x</additionalInfo>", batch=BATCH), "additionalInfo"),
        ),
    ),
    Case(
        "batched-marks",
        (batched(MARKED), batched("<potentialMeme>true</potentialMeme>"),
         batched("<fileAnnotations><potentialMeme/><viral/></fileAnnotations>")
         .replace("</fileDetails>", "<industryClassification>A1</industryClassification></fileDetails>")),
        ((batched(""), "fileDetails"),
         (batched("<potentialMeme>false</potentialMeme>"), "fileDetails"),
         (batched("<fileAnnotations><infant/></fileAnnotations>"), "fileAnnotations"),
         (batched("<fileAnnotations><viral/><infant/></fileAnnotations>"), "infant")),
    ),
    Case(
        "batched-details",
        (batched("<fileRelevance>Reported</fileRelevance>" + MARKED),),
        (
            (batched("<originalFileName>a</originalFileName>" + MARKED), "originalFileName"),
            (batched("<locationOfFile>https://a.example</locationOfFile>" + MARKED),
             "locationOfFile"),
            (batched("<fileRelevance>Supplemental Reported</fileRelevance>" + MARKED),
             "fileRelevance"),
            (batched(MARKED + '<originalFileHash hashType="MD5">0</originalFileHash>'),
             "originalFileHash"),
            (batched(f"{MARKED}<ipCaptureEvent>{IP.format('192.0.2.1')}</ipCaptureEvent>"),
             "ipCaptureEvent"),
            (batched(MARKED + "<deviceId><idType>a</idType><idValue>b</idValue></deviceId>"),
             "deviceId"),
            (batched(MARKED + "<details><nameValuePair><name>a</name><value>b</value>"
                     "</nameValuePair></details>"), "details"),
            (batched(MARKED + "<additionalInfo>a</additionalInfo>"), "additionalInfo"),
        ),
    ),
    Case(
        "supplemental",
        (details("<fileRelevance>Supplemental Reported</fileRelevance>" + MARKED),
         details("<fileRelevance>Supplemental Reported</fileRelevance>"
                 "<potentialMeme>false</potentialMeme>")),
        (
            (details("<fileRelevance>Supplemental Reported</fileRelevance>"
                     "<industryClassification>A1</industryClassification>"),
             "industryClassification"),
            (details("<fileRelevance>Supplemental Reported</fileRelevance>"
                     "<fileAnnotations><potentialMeme/></fileAnnotations>"), "potentialMeme"),
            (details("<fileRelevance>Supplemental Reported</fileRelevance>"
                     "<potentialMeme>true</potentialMeme>"), "potentialMeme"),
        ),
    ),
    Case(
        "exif-viewed",
        (details("<fileViewedByEsp>1</fileViewedByEsp><exifViewedByEsp>true</exifViewedByEsp>"),
         details("<exifViewedByEsp>false</exifViewedByEsp>")),
        ((details("<exifViewedByEsp>true</exifViewedByEsp>"), "exifViewedByEsp"),
         (details("<fileViewedByEsp>false</fileViewedByEsp><exifViewedByEsp>1</exifViewedByEsp>"),
          "exifViewedByEsp")),
    ),
    Case(
        "prior-report",
        (reported("<priorCTReports>250000000</priorCTReports>"),),
        ((reported("<priorCTReports>900000001</priorCTReports>"), "priorCTReports"),
         (account("<priorCTReport>900000002</priorCTReport>"), "priorCTReport")),
    ),
    Case(
        "unknown-element",
        (report(),),
        ((report().replace("<reporter>", "<novelty><deep>말</deep></novelty><reporter>"),
          "novelty"),
         (details("<fileViewedByEsp>true</fileViewedByEsp><novelty>1</novelty>"), "novelty")),
    ),
    Case(
        "unknown-attribute",
        (report(),),
        ((report().replace("<reporter>", '<reporter novelty="1">'), "reporter"),
         (person('<email novelty="1">a@b.example</email>'), "email")),
    ),
)  # fmt: skip
