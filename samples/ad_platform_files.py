"""Files that were made for other advertising platforms and are dropped here as they are."""

from __future__ import annotations

META_OFFLINE = """\
[email],[email],[phone],fn,ln,zip,ct,st,country,dob,gen,event_name,event_time,value,currency,order_id,item_number,store_id,
ann.ott@example.com,a.ott@example.org,1-(415)-555-0141,Ann,Ott,94046,Menlo Park,CA,US,10/21/68,F,Purchase,<4h iso>,\
15,USD,FB-1,1,2,
<sha256 bo.pell@example.com>,,,Bo,Pell,,,,US,,M,Purchase,<9h offset@America/Los_Angeles>,27.50,USD,FB-2,2,2,
,,030/23125-042,Jörg,Ruß,10115,Berlin,,DE,,M,Purchase,<15h unix>,39.90 EUR,EUR,FB-3,3,7,
cy.rand@example.com,,n/a,Cy,Rand,,,,US,,,PURCHASE,<21h iso>,$44.00,USD,FB-4,4;5;6,2,
di.shaw@example.com,,415 555 0145,Di,Shaw,,,,US,,F,AddToCart,<27h iso>,10.00,USD,,7,2,
ed.thorn@example.com,,,Ed,Thorn,,,,US,,M,Other,<32h iso>,5.00,USD,FB-6,8,2,
,,,Fay,Usher,60601,Chicago,IL,US,,F,Purchase,<37h iso>,18.00,USD,FB-7,9,2,
gil.vane@example.com,,,Gil,Vane,,,,US,,M,Purchase,<43h iso>,0,USD,FB-8,10,2,
hana.ward@example.com,,1.41556E+10,Hana,Ward,,,,US,,F,Purchase,<48h iso>,22.00,USD,FB-9,11,2,
<md5 ian.yale@example.com>,,+14155550150,Ian,Yale,,,,US,,M,Purchase,<55h iso>,31.00,USD,FB-10,12,2,
jo.zell@example.com,,,Jo,Zell,,,,US,,F,Purchase,<60h iso>,-12.00,USD,FB-11,13,2,
"""

META_CAPI = """\
event_name,event_time,event_id,event_source_url,action_source,opt_out,user.email,user.phone,user.external_id,\
user.client_ip_address,user.client_user_agent,user.fbc,user.fbp,custom.value,custom.currency,custom.order_id,\
custom.content_name,custom.content_category
Purchase,<3h unix>,purchase_123,https://shop.example.com/checkout,website,false,joe@example.com,14155550141,u1,\
192.0.2.1,Mozilla/5.0,fb.1.1.abc,fb.1.1.def,140.12,USD,order_1234,lettuce,grocery
Purchase,<8h unix>,purchase_124,https://shop.example.com/checkout,website,false,kim@example.com,,u2,192.0.2.2,\
Mozilla/5.0,,,20.00,USD,order_1235,bread,grocery
Purchase,<14h unix>,purchase_125,https://shop.example.com/checkout,website,true,lea@example.com,,u3,192.0.2.3,\
Mozilla/5.0,,,31.00,USD,order_1236,bread,grocery
Lead,<18h unix>,lead_126,https://shop.example.com/form,website,false,,14155550144,u4,,,,,,,,,
Purchase,<23h unix>,purchase_127,shop,website,false,mo@example.com,,u5,192.0.2.5,Mozilla/5.0,,,12.00,USD,order_1238,\
milk,grocery
ViewContent,<29h unix>,view_128,https://shop.example.com/p/1?q=1,website,false,,,u6,192.0.2.6,Mozilla/5.0,,,,,,kale,grocery
Purchase,<34h unix>,purchase_124,https://shop.example.com/checkout,website,false,kim@example.com,,u2,192.0.2.2,\
Mozilla/5.0,,,20.00,USD,order_1235,bread,grocery
Purchase,<39h unix>,purchase_130,https://shop.example.com/checkout,website,perhaps,nat@example.com,,u8,,,,,9.00,USD,\
order_1240,tea,grocery
Purchase,0,purchase_131,https://shop.example.com/checkout,website,false,oli@example.com,,u9,,,,,9.00,USD,order_1241,\
tea,grocery
"""

GOOGLE_CLICKS = """\
Parameters:TimeZone=America/New_York,,,,,
Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID
EAIaIQobChMI0000000001,Offline Sale,<5h sql@America/New_York>,250.00,USD,G-1
EAIaIQobChMI0000000002,Offline Sale,<16h sql@America/New_York>,80.00,USD,G-2
EAIaIQobChMI0000000003,Offline Sale,<29h sql@America/New_York>,120.00,USD,G-3
"""

GOOGLE_LEADS = """\
Parameters:TimeZone=America/New_York,,,,,,,,
Email,Phone Number,First Name,Last Name,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,\
Ad User Data
ann.fox@example.com,+12125550102,Ann,Fox,Qualified Lead,<6h t@America/New_York>,250.00,USD,Granted
<sha256 ben.gray@example.com>,<sha256 +12125550103>,Ben,Gray,Qualified Lead,\
<12h sql@America/New_York>,100.00,USD,Granted
cam.hunt@example.com,,Cam,Hunt,Qualified Lead,<22h sql@America/Los_Angeles> America/Los_Angeles,75.00,USD,Granted
dan.iles@example.com,(212) 555-0105,Dan,Iles,Closed Deal,<34h us@America/New_York>,"1,250.00",USD,Granted
eva.jack@example.com,,Eva,Jack,Qualified Lead,<40h offset@America/New_York>,,,Denied
fin.kidd@example.com,,Fin,Kidd,Qualified Lead,<46h t@America/New_York>,50.00,USD,
,,Gia,Lowe,Qualified Lead,<57h t@America/New_York>,50.00,USD,Granted
hal.mead@example.com,,Hal,Mead,Walk-in,<66h t@America/New_York>,50.00,USD,Granted
ivy.nunn@example.com,,Ivy,Nunn,Qualified Lead,<76h t@America/New_York>,50.00,USD,Unspecified
"""

SNAP = """\
email,timestamp,event_type,number_items,price,transaction_id,quantity
<sha256 ned.able@example.com>,<4h sql>,purchase,2,59.90,S-1,2
<sha256 ola.bird@example.com>,<10h sql>,PURCHASE,1,19.95,S-2,1
<sha256 pia.carr@example.com>,<17h sql>,purchase,1,24.00,S-3,1
<sha256 ron.dean@example.com>,<26h sql>,sign_up,,,S-4,
,<31h sql>,purchase,1,24.00,S-5,1
<sha256 sal.eaton@example.com>,<36h sql>,purchase,1,,S-6,1
<sha256 tia.ford@example.com>,<1200h sql>,purchase,1,24.00,S-7,1
<sha256 ula.gibb@example.com>,<42h sql>,view_content,,,S-8,
"""

PINTEREST = """\
email_1,email_2,madid,event_time,event_type,source_type,order_id,value,currency
ava.lopez@example.com,,,<5h unix>,Checkout,offline,PIN-1,42.00,USD
<sha256 bud.hart@example.com>,<sha256 b.hart@example.org>,,<11h us>,Checkout,offline,PIN-2,18.50,USD
cleo.ingram@example.com,,,<19h offset@Europe/Berlin>,Checkout,offline,PIN-3,99.00,EUR
,,AECE52E7-03EE-455A-B3C4-E57283966239,<24h unix>,Checkout,offline,PIN-4,12.00,USD
<md5 drew.jonas@example.com>,,,<31h unix>,Checkout,offline,PIN-5,12.00,USD
emma.kent@example.com,,,<37h unix>,AddToCart,offline,PIN-6,12.00,USD
finn.lamb@example.com,,,<45h unix>,Lead,offline,,,
gwen.mills@example.com,,,<-80h unix>,Checkout,offline,PIN-8,12.00,USD
"""

FILES = {
    "meta_offline_events.csv": META_OFFLINE,
    "meta_capi_uploader.csv": META_CAPI,
    "google_ads_click_conversions.csv": GOOGLE_CLICKS,
    "google_ads_enhanced_conversions_for_leads.csv": GOOGLE_LEADS,
    "snap_offline_csv.csv": SNAP,
    "pinterest_conversions_csv.csv": PINTEREST,
}
