"""The protocol's documents as the notes write them, read apart from the product's schema.

One line for each kind of element: its name, what kind of content, then its children in order
(`?` 0-1, `*` any number, `+` one or more) and its attributes (`@`). After a colon: the kind of
value or element where it differs from the name. Enumerations are listed by kind.
"""

from dataclasses import dataclass

_NOTATION = """
report seq batchedReport? incidentSummary internetDetails* lawEnforcement? reporter personOrUserReported* intendedRecipient* victim* additionalInfo?
batchedReport seq @reason:batchReason
incidentSummary seq incidentType platform? escalateToHighPriority? reportAnnotations? incidentDateTime:time? incidentDateTimeDescription?
reportAnnotations seq sextortion:flag? csamSolicitation:flag? minorToMinorInteraction:flag? spam:flag? sadisticOnlineExploitation:flag? informational:flag? potentialAggravatingFactors:flag? instrumentalUse:flag?
internetDetails choice webPageIncident emailIncident newsgroupIncident chatImIncident onlineGamingIncident cellPhoneIncident nonInternetIncident peer2peerIncident
webPageIncident seq url* additionalInfo? @thirdPartyHostedContent:bool
emailIncident seq emailAddress:incidentEmail* content? additionalInfo?
newsgroupIncident seq name? emailAddress:incidentEmail* content? additionalInfo?
chatImIncident seq chatClient? chatRoomName? content? additionalInfo?
onlineGamingIncident seq gameName? console? content? additionalInfo?
cellPhoneIncident seq phoneNumber:phone? latitude:degrees? longitude:degrees? additionalInfo?
nonInternetIncident seq locationName? incidentAddress:address* additionalInfo?
peer2peerIncident seq client? ipCaptureEvent* fileNames? additionalInfo?
lawEnforcement seq agencyName caseNumber? officerContact:contactPerson? reportedToLe:bool? servedLegalProcessDomestic:bool? servedLegalProcessInternational? @fleaCountry:country
servedLegalProcessInternational text:bool @fleaCountry:country
reporter seq reportingPerson:person contactPerson? companyTemplate? termsOfService? legalURL:url?
personOrUserReported seq personOrUserReportedPerson:person? vehicleDescription? espIdentifier? espService? compromisedAccount:bool? screenName? displayName* profileUrl:url* profileBio? ipCaptureEvent* deviceId* thirdPartyUserReported:bool? priorCTReports:number* groupIdentifier? accountTemporarilyDisabled? accountPermanentlyDisabled? estimatedLocation? allEmailsReported:bool? associatedAccount* additionalInfo?
intendedRecipient seq intendedRecipientPerson:person? espIdentifier? espService? compromisedAccount:bool? screenName? displayName* profileUrl:url* profileBio? ipCaptureEvent* deviceId* priorCTReports:number* groupIdentifier? accountTemporarilyDisabled? accountPermanentlyDisabled? estimatedLocation? allEmailsReported:bool? additionalInfo*
victim seq victimPerson:person espIdentifier? espService? compromisedAccount:bool? screenName? displayName* profileUrl:url* profileBio? ipCaptureEvent* deviceId* schoolName? priorCTReports:number* accountTemporarilyDisabled? accountPermanentlyDisabled? estimatedLocation? allEmailsReported:bool? associatedAccount* additionalInfo?
associatedAccount seq platform:accountPlatform? firstName? middleName? lastName? approximateAge:age? ageAssertionDiscrepancy:bool? dateOfBirth:birth? phone* email* allEmailsReported:bool? address* espService? espIdentifier? profileUrl:url* screenName? displayName* profileBio? groupIdentifier? compromisedAccount:bool? accountTemporarilyDisabled? accountPermanentlyDisabled? ipCaptureEvent* deviceId* priorCTReport:number* additionalInfo? @type:accountType @accountType:accountType @thirdPartyUser:bool
accountPlatform text @thirdPartyUser:bool
person seq firstName? lastName? phone* email* address* age? ageAssertionDiscrepancy:bool? dateOfBirth:birth?
contactPerson seq firstName? lastName? phone* email* address*
address seq address:street? city? zipCode:zip? state? nonUsaState? country? @type:addressType
email text:email @type:emailType @verified:yes @verificationDate:time
incidentEmail text:incidentEmail @type:emailType @verified:yes @verificationDate:time
phone text:phoneText @type:phoneType @verified:yes @verificationDate:time @countryCallingCode:callingCode @extension:digits
ipCaptureEvent seq ipAddress:ip eventName? dateTime:time? possibleProxy:bool? port?
deviceId seq idType idValue eventName? dateTime:time?
estimatedLocation seq city? region? countryCode:foreignCountry? @verified:bool @timestamp:time
accountTemporarilyDisabled text:bool @disabledDate:time @userNotified:bool @userNotifiedDate:time @reenabledDate:time
accountPermanentlyDisabled text:bool @disabledDate:time @userNotified:bool @userNotifiedDate:time
fileDetails seq reportId:given fileId:given fileName? originalFileName? uploadedToEspTimestamp:time? locationOfFile:url? fileViewedByEsp:yes? exifViewedByEsp:bool? publiclyAvailable:bool? fileRelevance? potentialMeme:bool? fileAnnotations? industryClassification? originalFileHash* ipCaptureEvent? deviceId* details* additionalInfo*
fileAnnotations seq animeDrawingVirtualHentai:flag? potentialMeme:flag? viral:flag? possibleSelfProduction:flag? physicalHarm:flag? violenceGore:flag? bestiality:flag? liveStreaming:flag? infant:flag? generativeAi:flag?
originalFileHash text @hashType
details seq nameValuePair+ @type:metadataType
nameValuePair seq name value @type:metadataType
"""

_ISO = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW A1 A2 O1 AN AP EU FX XK
"""
_STATES = """
AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC
ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC GU PR VI
"""

ENUMERATIONS: dict[str, tuple[str, ...]] = {
    "batchReason": ("VIRAL_POTENTIAL_MEME",),
    "incidentType": (
        "Child Pornography (possession, manufacture, and distribution)",
        "Child Sex Trafficking",
        "Child Sex Tourism",
        "Child Sexual Molestation",
        "Misleading Domain Name",
        "Misleading Words or Digital Images on the Internet",
        "Online Enticement of Children for Sexual Acts",
        "Unsolicited Obscene Material Sent to a Child",
    ),
    "accountType": ("Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other"),
    "addressType": ("Home", "Business", "Billing", "Shipping", "Technical"),
    "emailType": ("Home", "Work", "Business", "Recovery"),
    "phoneType": ("Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery"),
    "eventName": ("Login", "Registration", "Purchase", "Upload", "Other", "Unknown"),
    "fileRelevance": ("Reported", "Supplemental Reported"),
    "industryClassification": ("A1", "A2", "B1", "B2"),
    "metadataType": ("EXIF", "HASH"),
    "bool": ("true", "false", "1", "0"),
    "yes": ("true", "1"),
    "flag": ("", "true", "1"),
    "state": ("", *_STATES.split()),
    "country": ("", *_ISO.split()),
    "foreignCountry": tuple(code for code in _ISO.split() if code != "US"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A child or an attribute: its name, its kind, and how often."""

    name: str
    kind: str
    often: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of element: its content and attributes."""

    content: str
    children: tuple[Slot, ...] = ()
    attributes: tuple[Slot, ...] = ()


def _slot(word: str) -> Slot:
    often = word[-1] if word[-1] in "?*+" else ""
    name, _, kind = word.removesuffix(often).partition(":")
    return Slot(name=name, kind=kind or name, often=often)


def _kind(line: str) -> tuple[str, Kind]:
    name, content, *rest = line.split()
    return name, Kind(
        content=content,
        children=tuple(_slot(word) for word in rest if word[0] != "@"),
        attributes=tuple(_slot(word[1:]) for word in rest if word[0] == "@"),
    )


KINDS: dict[str, Kind] = dict(_kind(line) for line in _NOTATION.strip().splitlines())
