"""TikTok's own files: the columns of its help pages, with the labels that they print."""

from __future__ import annotations

OFFLINE = """\
event_type,email,phone,timestamp,order_id,value,currency,content_id,content_name,quantity,price,shop_id
Purchase,ava.lopez@example.com,+14155550101,<3h iso>,TT-1001,59.90,USD,P-10,Mug,1,59.90,SFO-014
Complete Payment,ben.ito@example.com,,<9h iso>,TT-1002,89.90,USD,P-21,Trail Shoe,1,89.90,SFO-014
Purchase,,+14155550103,<15h iso>,TT-1003,34.95,GBP,P-47,Desk Lamp,1,34.95,SFO-014
Contact,cora.lind@example.com,+14155550104,<22h iso>,TT-1004,,,,,,,SFO-014
Subscribe,dan.moss@example.com,+14155550105,<28h iso>,TT-1005,9.99,EUR,S-01,Club,1,9.99,SFO-014
Lead,eve.park@example.com,+14155550106,<33h iso>,TT-1006,,,,,,,SFO-014
Kauf,finn.roth@example.com,+14155550107,<50h iso>,TT-1007,129.00,EUR,P-33,Jacke,1,129.00,SFO-014
Add to Cart,gia.bloom@example.com,,<71h iso>,TT-1008,25.00,USD,P-10,Mug,2,12.50,SFO-014
Purchase,hal.wood(at)example.com,,<80h iso>,TT-1009,12.50,USD,P-10,Mug,1,12.50,SFO-014
Purchase,ida.frost@example.com,,<90h iso>,TT-1010,12.50,XXX,P-10,Mug,1,12.50,SFO-014
Refund,jon.hale@example.com,,<95h iso>,TT-1011,12.50,USD,P-10,Mug,1,12.50,SFO-014
"""

CRM = """\
Event_type,Timestamp,lead_id,Email,Phone,click_id
Submit Form,<2h iso>,7412345678901234501,ava.pike@example.com,+14155550131,E.C.P.CsIBexample01
Submit Form,<6h iso>,7412345678901234502,,+14155550132,
Qualified,<30h iso>,7412345678901234503,cleo.hart@example.com,,
Demo booked,<54h iso>,7412345678901234504,dov.king@example.com,+14155550134,
Deal won,<80h iso>,7412345678901234505,,,
Deal won,<120h iso>,,elia.rose@example.com,+14155550136,
Submit Form,<200h iso>,7.41235E+18,fay.moon@example.com,,
Lost,<210h iso>,7412345678901234508,gus.lane@example.com,,
Submit Form,<220h iso>,,,,
"""

CRM_WITHOUT_LEAD_IDS = """\
Event_type,Timestamp,lead_id,Email,Phone,click_id
Submit Form,<2h iso>,7412345678901234521,ada.reis@example.com,+14155550151,
Submit Form,<6h iso>,,bob.quill@example.com,+14155550152,
Submit\u00a0Form,<30h iso>,,\u00a0cat.ware@example.com,,
Submit Form,<54h iso>,,<SHA256 dee.yost@example.com>,,
Submit Form,<80h iso>,n/a,,(415) 555-0155,
Submit Form,<90h iso>,,<md5 eli.zane@example.com>,,
Submit Form,<120h iso>,,none,null,
Submit Form,,,fay.ames@example.com,,
Submit Form,<130h iso>,7412345678901234529,gil.barr@example.com,4155550158.0,
"""

CUSTOMERS = """\
Email,Email_SHA256,Phone,Phone_SHA256,MAID
ava.lopez@example.com,,+14155550101,,
,<sha256 ben.ito@example.com>,,<sha256 +14155550102>,
,,+14155550103,,AECE52E7-03EE-455A-B3C4-E57283966239
"""

FILES = {
    "tiktok_offline_template.csv": OFFLINE,
    "tiktok_crm_events.csv": CRM,
    "tiktok_crm_without_lead_ids.csv": CRM_WITHOUT_LEAD_IDS,
    "tiktok_customer_file.csv": CUSTOMERS,
}
