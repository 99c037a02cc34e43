"""Exports of customer relationship systems: HubSpot, and Salesforce with API names (Data Loader) or report labels.

A person exports the columns of his own view, so these are told by a few columns whatever stands beside them.
Employees' addresses (``Deal owner``) are never those of the customer.
"""

from __future__ import annotations

from conversion_delivery.domain.layouts.layout import Layout, feeds, unused

_FEW = 0.05
"""Share of known columns that is enough: exports of all properties have hundreds."""

_JOIN_CONTACTS = "Export it with the e-mail address or the phone number of the contact beside each "

HUBSPOT_DEALS = Layout(
    name="hubspot_deals",
    title="HubSpot, deals export",
    source="Header rows in public repositories and HubSpot's import help: the columns depend on the exported view.",
    columns=feeds("""
        Record ID -> order_id
        Deal Stage -> status
        Amount -> value
        Currency -> currency
        Close Date -> event_time
        Create Date -> event_time
        Associated Contact -> email
        Associated Contact Email -> email
        Email -> email
        Phone Number -> phone
        Country/Region -> country
    """)
    + unused("""
        Deal Name; Pipeline; Deal owner; Deal Type; Priority; Associated Company; Associated Company IDs;
        Associated Contact IDs; Associated Deal; Associated Note; Associated Note IDs; Company Name; Forecast category;
        Deal probability; Weighted amount; Last Activity Date; Last Modified Date; Next Activity Date; Owner;
        Original Source; Is closed lost; Is Closed Won; HubSpot Team; Deal Description; Closed Lost Reason;
        Closed Won Reason; Date entered stage; Date left stage; Contact owner; Notes
    """),
    markers=("Record ID", "Deal Stage"),
    one_of=("Deal Name", "Close Date", "Amount"),
    least_share=_FEW,
    short_names=("hubspot",),
    default_event="Purchase",
    unjoinable=_JOIN_CONTACTS + "deal (column Associated Contact, Email or Phone Number).",
    delimiters=",;",
)

HUBSPOT_CONTACTS = Layout(
    name="hubspot_contacts",
    title="HubSpot, contacts export",
    source="As for the deals. The lifecycle stage is the event: name its words in event_map.",
    columns=feeds("""
        Record ID -> external_id
        Email -> email
        Phone Number -> phone
        Mobile Phone Number -> phone
        Lifecycle Stage -> event
        Create Date -> event_time
        Country/Region -> country
    """)
    + unused("""
        First Name; Last Name; Contact owner; Lead Status; Company Name; Associated Company; Associated Company IDs;
        Job Title; City; State/Region; Postal Code; Street Address; Website URL; Original Source; Last Activity Date;
        Last Modified Date; Marketing contact status; Favorite Content Topics; Preferred channels; Time Zone
    """),
    markers=("Record ID", "Lifecycle Stage"),
    one_of=("Email", "Phone Number"),
    least_share=_FEW,
    event_source="crm",
    delimiters=",;",
)

_SALESFORCE = "General product knowledge; no page with the header of an export was found."

SALESFORCE_LEAD = Layout(
    name="salesforce_lead",
    title="Salesforce, leads (Data Loader)",
    source=_SALESFORCE + " API names, every cell in quotes. The status is the event: name its words in event_map.",
    columns=feeds("""
        Id -> external_id
        Email -> email
        MobilePhone -> phone
        Phone -> phone
        Status -> event
        ConvertedDate -> event_time
        CreatedDate -> event_time
        Country -> country
        CountryCode -> country
    """)
    + unused("""
        LeadSource; OwnerId; FirstName; LastName; Name; Salutation; Title; Company; Street; City; State; PostalCode;
        Fax; Website; Industry; Rating; IsConverted; ConvertedAccountId; ConvertedContactId; ConvertedOpportunityId;
        IsDeleted; IsUnreadByOwner; HasOptedOutOfEmail; DoNotCall; LastModifiedDate; LastModifiedById; CreatedById;
        SystemModstamp; LastActivityDate; Description
    """),
    markers=("Status", "CreatedDate"),
    one_of=("LeadSource", "ConvertedDate", "MobilePhone", "IsConverted"),
    choices=frozenset({"phone"}),
    least_share=_FEW,
    short_names=("salesforce",),
    event_source="crm",
)

SALESFORCE_LEAD_REPORT = Layout(
    name="salesforce_lead_report",
    title="Salesforce, leads (report)",
    source=_SALESFORCE + " Labels of a report in English; dates follow the user's locale.",
    columns=feeds("""
        Lead ID -> external_id
        Email -> email
        Mobile -> phone
        Phone -> phone
        Lead Status -> event
        Converted Date -> event_time
        Create Date -> event_time
        Created Date -> event_time
        Country -> country
    """)
    + unused("""
        Lead Source; Lead Owner; First Name; Last Name; Company / Account; Title; Street; City; State/Province;
        Zip/Postal Code; Rating; Industry; Last Activity; Last Modified Date; Converted; Unread
    """),
    markers=("Lead Status",),
    one_of=("Create Date", "Created Date", "Converted Date"),
    without=("Record ID", "Lifecycle Stage"),
    least_share=_FEW,
    event_source="crm",
)

SALESFORCE_OPPORTUNITY = Layout(
    name="salesforce_opportunity",
    title="Salesforce, opportunities (Data Loader)",
    source=_SALESFORCE + " API names; an opportunity has no e-mail address of its own.",
    columns=feeds("""
        Id -> order_id
        StageName -> status
        Amount -> value
        CurrencyIsoCode -> currency
        CloseDate -> event_time
        LastModifiedDate -> event_time
        Contact.Email -> email
        ContactEmail -> email
        Email -> email
        Contact.MobilePhone -> phone
        Contact.Phone -> phone
        MobilePhone -> phone
        Phone -> phone
    """)
    + unused("""
        Name; AccountId; OwnerId; CreatedDate; CreatedById; LastModifiedById; Type; LeadSource; Probability; IsClosed;
        IsWon; ForecastCategory; ForecastCategoryName; FiscalYear; FiscalQuarter; Fiscal; NextStep; Description;
        ExpectedRevenue; TotalOpportunityQuantity; CampaignId; Pricebook2Id; IsDeleted; SystemModstamp;
        LastActivityDate; HasOpportunityLineItem; RecordTypeId; ContactId
    """),
    markers=("StageName", "CloseDate"),
    least_share=_FEW,
    default_event="Purchase",
    unjoinable=_JOIN_CONTACTS + "opportunity: join it with the contact role (column Email or Phone).",
)

SALESFORCE_OPPORTUNITY_REPORT = Layout(
    name="salesforce_opportunity_report",
    title="Salesforce, opportunities (report)",
    source=_SALESFORCE + " Labels of a report in English; dates follow the user's locale, and lines of text follow the "
    "last row.",
    columns=feeds("""
        Opportunity ID -> order_id
        Stage -> status
        Amount -> value
        Amount Currency -> currency
        Close Date -> event_time
        Last Modified Date -> event_time
        Email -> email
        Contact Email -> email
        Mobile -> phone
        Phone -> phone
    """)
    + unused("""
        Opportunity Name; Opportunity Owner; Account Name; Type; Lead Source; Probability (%); Fiscal Period; Age;
        Created Date; Next Step; Owner Role; Expected Revenue; Description; Contact Name
    """),
    markers=("Opportunity Name", "Stage"),
    least_share=_FEW,
    default_event="Purchase",
    unjoinable=_JOIN_CONTACTS + "opportunity: use a report on opportunities with contact roles.",
)

CRM_EXPORTS = (
    HUBSPOT_DEALS,
    HUBSPOT_CONTACTS,
    SALESFORCE_LEAD,
    SALESFORCE_LEAD_REPORT,
    SALESFORCE_OPPORTUNITY,
    SALESFORCE_OPPORTUNITY_REPORT,
)
