"""Files that onboarding vendors and customer data platforms make for TikTok or hand out for any platform."""

from __future__ import annotations

DATAHASH = """\
event_time,event_name,currency,value,transaction_id,Email_hashed,Phone_hashed
<4h unix>,Purchase,USD,59.90,TX-1,<sha256 ann.bow@example.com>,<sha256 14155550101>
<11h unix>,Purchase,USD,120.00,TX-2,<SHA256 bea.cole@example.com>,<sha256 14155550102>
<20h unix>,Purchase,usd,19.99,TX-3,<sha256 cal.dorn@example.com>,
<31h unixfloat>,Purchase,USD,42.50,TX-4,,<sha256 14155550104>
<40h unixms>,Purchase,USD,75,TX-5,<sha256 dot.eck@example.com>,<sha256 >
<52h unix>,Lead,,,TX-6,<sha256 ed.finch@example.com>,<sha256 14155550106>
<60h unix>,Purchase,USD,,TX-7,<sha256 flo.gant@example.com>,<sha256 14155550107>
<70h unix>,Purchase,USD,33.00,TX-8,<md5 gus.hale@example.com>,
<75h unix>,Purchase,USD,18.00,TX-9,<sha256 >,<sha256 >
<82h unix>,Purchase,USD,64.00,TX-10,0<sha256 hal.ives@example.com>,<sha256 14155550110>
"""

AMPERITY_OLD = """\
brand,content_category,content_id,content_name,content_type,currency,emails,event,event_channel,event_id,\
event_set_id,order_id,phone,price,quantity,shop_id,timestamp,value
ACME Essentials,Shoes,SKU-100,Trail Shoe,product,USD,<SHA256 ira.jones@example.com>,CompletePayment,in_store,10001,\
7654321098765432109,10001,+14155550111,29.95,2,NYC-014,<5h micros>,29.95
ACME Essentials,Socks,SKU-200,Wool Sock,product,USD,<SHA256 jan.kerr@example.com>,CompletePayment,in_store,10002,\
7654321098765432109,10002,,9.50,4,NYC-014,<16h micros>,9.50
ACME Home,Kitchen,SKU-300,Mug,product,USD,<SHA256 kay.lund@example.com>,CompletePayment,website,10003,\
7654321098765432109,10003,+14155550113,12.50,1,,<27h micros>,12.50
ACME Home,Kitchen,SKU-310,Bowl,product,USD,,CompletePayment,in_store,10004,\
7654321098765432109,10004,,14.00,1,NYC-014,<38h micros>,14.00
ACME Home,Kitchen,SKU-320,Plate,product,USD,<sha256 >,CompletePayment,in_store,10005,\
7654321098765432109,10005,+14155550115,8.00,3,NYC-014,<44h micros>,8.00
ACME Home,Linen,SKU-330,Towel,product,USD,<SHA256 lee.mott@example.com>,CompletePayment,in_store,10006,\
7654321098765432109,10006,+14155550116,16.00,1,NYC-014,<1000h micros>,16.00
"""

AMPERITY_NEW = """\
email,phone,event,event_id,event_source_id,order_id,timestamp,currency,value,content_id,content_name,content_category,\
brand,price,quantity,content_type,shop_id
lou.nash@example.com,+14155550121,Purchase,20001,7654321098765432110,20001,<4h micros>,USD,29.95,SKU-100,Trail Shoe,\
Shoes,ACME Essentials,29.95,1,product,NYC-014
lou.nash@example.com,+14155550121,Purchase,20001,7654321098765432110,20001,<4h micros>,USD,9.50,SKU-200,Wool Sock,\
Socks,ACME Essentials,9.50,1,product,NYC-014
mia.orr@example.com,,Purchase,20002,7654321098765432110,20002,<18h micros>,USD,12.50,SKU-300,Mug,\
Kitchen,ACME Home,12.50,1,product,NYC-014
,+14155550123,Purchase,20003,7654321098765432110,20003,<30h micros>,USD,14.00,SKU-310,Bowl,\
Kitchen,ACME Home,14.00,1,product,NYC-014
ned.poole@example,,Purchase,20004,7654321098765432110,20004,<41h micros>,USD,8.00,SKU-320,Plate,\
Kitchen,ACME Home,8.00,1,product,NYC-014
oda.quist@example.com,,Purchase,20005,7654321098765432110,20005,<52h micros>,,16.00,SKU-330,Towel,\
Linen,ACME Home,16.00,1,product,NYC-014
pat.rowe@example.com,,Purchase,20006,7654321098765432110,20006,<63h micros>,ZZZ,16.00,SKU-330,Towel,\
Linen,ACME Home,16.00,1,product,NYC-014
"""

HIGHTOUCH = """\
event name,timestamp,email,phone_number,external_id,properties.value,properties.currency,properties.order_id,\
properties.content_id,properties.quantity,properties.price
CompletePayment,<2h iso>,qi.stone@example.com,+14155550131,u1,49.00,USD,HT-1,SKU-1,1,49.00
CompletePayment,<7h iso>,ray.tull@example.com,,u2,98.00,USD,HT-2,SKU-1,2,49.00
Contact,<12h iso>,,+14155550133,u3,,,,,,
Subscribe,<19h iso>,sue.urban@example.com,,u4,15,USD,HT-4,SUB-1,1,15
Order Completed,<25h iso>,tom.vance@example.com,,u5,20.00,USD,HT-5,SKU-2,1,20.00
CompletePayment,<33h iso>,,,u6,20.00,USD,HT-6,SKU-2,1,20.00
CompletePayment,not yet,una.west@example.com,,u7,20.00,USD,HT-7,SKU-2,1,20.00
CompletePayment,<39h iso>,vic.xu@example.com,+1 415 555 0138 ext. 12,u8,20.00,USD,HT-8,SKU-2,1,20.00
"""

TEALIUM = """\
Event Name,Event Set ID,Event ID,Timestamp,Email (apply SHA256 hash),Phone Number (apply SHA256 hash),Order ID,\
Content ID,Content Name,Content Type,Content Category,Quantity,Price
CompletePayment,7654321098765432111,e1,<3h colon>,wes.york@example.com,+14155550141,TL-1,\
P-10,Mug,product,Kitchen,1,12.50
CompletePayment,7654321098765432111,e2,<8h millis>,xia.zorn@example.com,,TL-2,P-21,Trail Shoe,product,Shoes,1,89.90
Contact,7654321098765432111,e3,<13h millis>,,+14155550143,,,,,,,
Contact,7654321098765432111,e4,,yul.aber@example.com,,,,,,,,
Subscribe,7654321098765432111,e5,<26h millis>,zoe.best@example.com,,TL-5,S-01,Club,subscription,Club,1,9.99
BookedTour,7654321098765432111,e6,<30h millis>,abe.clay@example.com,,,,,,,,
CompletePayment,7654321098765432111,e2,<8h millis>,xia.zorn@example.com,,TL-2,P-21,Trail Shoe,product,Shoes,1,89.90
Contact,7654321098765432111,e8,<34h millis>,undefined,undefined,,,,,,,
"""

TEALIUM_HASHED = """\
Event Name,Event Set ID,Event ID,Timestamp,Email (already SHA256 hashed),Phone Number (already SHA256 hashed),Order ID
Contact,7654321098765432111,h1,<5h millis>,<sha256 wes.york@example.com>,<sha256 +14155550141>,TH-1
Contact,7654321098765432111,h2,<15h millis>,<sha256 xia.zorn@example.com>,,TH-2
Lead,7654321098765432111,h3,<25h millis>,,<sha256 +14155550143>,TH-3
Lead,7654321098765432111,h4,<35h millis>,<sha256 null>,,TH-4
"""

FILES = {
    "datahash_offline_events.csv": DATAHASH,
    "amperity_tiktok_query_old.csv": AMPERITY_OLD,
    "amperity_tiktok_query.csv": AMPERITY_NEW,
    "hightouch_tiktok.csv": HIGHTOUCH,
    "tealium_tiktok_offline.csv": TEALIUM,
    "tealium_tiktok_offline_hashed.csv": TEALIUM_HASHED,
}
