"""Exports of online shops and tills: orders of several rows, payments with and without their customers."""

from __future__ import annotations

import csv
import io

SHOPIFY_HEADER = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,\
Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,\
Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,\
Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,\
Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,\
Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,\
Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,\
Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,\
Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,\
Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References"""

SHOPIFY_ORDERS = """\
Name,Email,Financial Status,Paid at,Created at,Currency,Subtotal,Shipping,Total,Refunded Amount,Cancelled at,\
Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Vendor,Billing Name,Billing Zip,Billing Country,\
Billing Phone,Phone,Id,Source
#1001,al.brook@example.com,paid,<5h shop@America/New_York>,<5h shop@America/New_York>,USD,88.00,4.90,92.90,0.00,,\
1,Trail Shoe - 9,55.00,SKU-100,Acme,Al Brook,'02108,US,,'+14155550166,5550000001001,web
#1001,al.brook@example.com,,,,,,,,,,3,Wool Sock,11.00,SKU-200,Acme,,,,,,,
#1002,,paid,<11h shop@America/New_York>,<11h shop@America/New_York>,USD,24.00,0.00,24.00,0.00,,\
2,Mug,12.00,SKU-300,Acme Home,Bea Cole,'10001,US,(212) 555-0133,'+12125550133,5550000001002,pos
#1003,cal.dorn@example.com,pending,,<16h shop@America/New_York>,USD,55.00,4.90,59.90,0.00,,\
1,Trail Shoe - 8,55.00,SKU-101,Acme,Cal Dorn,'60601,US,,,5550000001003,web
#1003,cal.dorn@example.com,,,,,,,,,,1,Wool Sock,11.00,SKU-200,Acme,,,,,,,
#1004,dot.eck@example.com,voided,,<22h shop@America/New_York>,USD,12.00,4.90,16.90,0.00,<21h shop@America/New_York>,\
1,Mug,12.00,SKU-300,Acme Home,Dot Eck,'60601,US,,,5550000001004,web
#1005,ed.finch@example.com,refunded,<30h shop@America/New_York>,<30h shop@America/New_York>,USD,12.00,4.90,\
16.90,16.90,,1,Mug,12.00,SKU-300,Acme Home,Ed Finch,'60601,US,,,5550000001005,web
#1006,flo.gant@example.com,partially_refunded,<36h shop@America/New_York>,<36h shop@America/New_York>,USD,66.00,0.00,\
66.00,11.00,,6,Wool Sock,11.00,SKU-200,Acme,Flo Gant,'60601,US,,,5550000001006,web
#1007,,paid,<45h shop@America/New_York>,<45h shop@America/New_York>,USD,91.00,0.00,91.00,0.00,,\
1,"Trail Shoe, wide - 9",55.00,SKU-110,Acme,Gus Hale,'30301,US,(404) 555-0133,,5550000001007,pos
#1007,,,,,,,,,,,2,Mug,12.00,SKU-300,Acme Home,,,,,,,
#1007,,,,,,,,,,,1,Bowl,12.00,SKU-310,Acme Home,,,,,,,
#1008,,paid,<52h shop@America/New_York>,<52h shop@America/New_York>,USD,24.00,0.00,24.00,0.00,,\
1,Mug,12.00,SKU-300,Acme Home,,,,,,5550000001008,pos
#1008,,,,,,,,,,,1,Bowl,12.00,SKU-310,Acme Home,,,,,,,
#1009,hanna.roth@example.com,paid,<63h shop@America/New_York>,<63h shop@America/New_York>,EUR,49.00,9.00,58.00,0.00,,\
1,Rain Jacket,49.00,SKU-400,Northpath,Hanna Roth,'10115,DE,030/23125-042,,5550000001009,web
#1010,ida.jones@example.com,paid,<74h shop@America/New_York>,<74h shop@America/New_York>,USD,0.00,0.00,0.00,0.00,,\
1,Sample,0.00,SKU-000,Acme,Ida Jones,'60601,US,,,5550000001010,web
"""

SQUARE_HEADER = """\
Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,\
Total Collected,Source,Card,Card Entry Methods,Cash,Square Gift Card,Other Tender,Other Tender Type,Tender Note,Fees,\
Net Total,Transaction ID,Payment ID,Card Brand,PAN Suffix,Device Name,Staff Name,Staff ID,Details,Description,\
Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID,Device Nickname,Third Party Fees,\
Deposit ID,Deposit Date,Deposit Details,Fee Percentage Rate,Fee Fixed Rate,Refund Reason,Discount Name,\
Transaction Status,Cash App,Order Reference ID,Fulfillment Note,Free Processing Applied,Channel,Unattributed Tips,\
Table Info,International Fee"""

_PACIFIC = "Pacific Time (US & Canada)"

SQUARE_PAYMENTS = f"""\
Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Tip,Total Collected,Source,Card,Fees,Net Total,Transaction ID,\
Payment ID,Card Brand,Description,Event Type,Location,Customer ID,Customer Name,Transaction Status,\
Email Address,Phone Number
<4h date@America/Los_Angeles>,<4h clock@America/Los_Angeles>,{_PACIFIC},$22.50,$0.00,$22.50,$0.00,$0.00,$22.50,\
Point of Sale,$22.50,-$0.95,$21.55,SQT001,SQP001,Visa,Speckled Mug x 1,Payment,Main,CUST1,Dee Example,Complete,\
dee.voss@example.com,+14155550171
<13h date@America/Los_Angeles>,<13h clock@America/Los_Angeles>,{_PACIFIC},"$1,240.00",$0.00,"$1,240.00",$0.00,$0.00,\
"$1,240.00",Point of Sale,"$1,240.00",-$36.10,"$1,203.90",SQT002,SQP002,Visa,Dinner Set x 2,Payment,Main,CUST2,\
Eli Ward,Complete,,(415) 555-0172
<21h date@America/Los_Angeles>,<21h clock@America/Los_Angeles>,{_PACIFIC},-$22.50,$0.00,-$22.50,$0.00,$0.00,-$22.50,\
Point of Sale,-$22.50,$0.00,-$22.50,SQT003,SQP003,Visa,Speckled Mug x 1,Refund,Main,CUST1,Dee Example,Complete,\
dee.voss@example.com,+14155550171
<28h date@America/Los_Angeles>,<28h clock@America/Los_Angeles>,{_PACIFIC},$18.00,$0.00,$18.00,$1.50,$2.00,$21.50,\
Point of Sale,$21.50,-$0.80,$20.70,SQT004,SQP004,Visa,"Mug x 1, Bowl x 1",Payment,Main,,,Complete,,
<34h date@America/Los_Angeles>,<34h clock@America/Los_Angeles>,{_PACIFIC},$36.00,-$6.00,$30.00,$2.50,$0.00,$32.50,\
Point of Sale,$0.00,$0.00,$32.50,SQT005,SQP005,,Plate x 3,Payment,Market,CUST5,Fay Xenos,Complete,fay.xenos@example.com,
<47h date@America/Los_Angeles>,<47h clock@America/Los_Angeles>,{_PACIFIC},$9.00,$0.00,$9.00,$0.00,$0.00,$9.00,\
Point of Sale,$9.00,-$0.40,$8.60,SQT006,SQP006,Visa,Espresso Cup x 1,Payment,Market,CUST6,Gil Yard,Pending,\
gil.yard@example.com,
"""

WOOCOMMERCE = """\
order_id,order_number,order_date,paid_date,status,order_total,order_subtotal,order_currency,customer_email,\
billing_email,billing_phone,billing_country,customer_ip_address,customer_user_agent,transaction_id,customer_id
4993,4993,<6h shortus@America/New_York>,<6h shortus@America/New_York>,completed,30,25,USD,al.brook@example.com,\
al.brook@example.com,4045550133,US,192.0.2.1,Mozilla/5.0,pi_1,7
4994,4994,<13h shortus@America/New_York>,<12h shortus@America/New_York>,processing,64.50,58.50,USD,,\
bea.cole@example.com,(404) 555-0134,US,192.0.2.2,Mozilla/5.0,pi_2,8
4995,4995,<20h shortus@America/New_York>,,on-hold,12,12,USD,cal.dorn@example.com,cal.dorn@example.com,,US,192.0.2.3,\
Mozilla/5.0,,9
4996,4996,<31h shortus@America/New_York>,,cancelled,12,12,USD,dot.eck@example.com,dot.eck@example.com,,US,192.0.2.4,\
Mozilla/5.0,,10
4997,4997,<42h shortus@America/New_York>,<42h shortus@America/New_York>,refunded,19,19,USD,ed.finch@example.com,\
ed.finch@example.com,,US,192.0.2.5,Mozilla/5.0,pi_5,11
4998,4998,<50h shortus@America/New_York>,<50h shortus@America/New_York>,completed,"1,204.00",1204,USD,\
flo.gant@example.com,f.gant@example.org,404-555-0135,US,192.0.2.6,Mozilla/5.0,pi_6,12
4999,4999,<61h shortus@America/New_York>,<61h shortus@America/New_York>,completed,22,22,GBP,gus.hale@example.com,\
gus.hale@example.com,07700 900123,GB,192.0.2.7,Mozilla/5.0,pi_7,13
5000,5000,<66h shortus@America/New_York>,<66h shortus@America/New_York>,completed,22,22,USD,,,0000000000,US,192.0.2.8,\
Mozilla/5.0,pi_8,0
5001,5001,<70h shortus@America/New_York>,,completed,41,41,USD,hal.ives@example.com,hal.ives@example.com,,US,\
192.0.2.9,Mozilla/5.0,,14
"""

EUROPEAN_TILL = """\
Datum;Beleg-Nr.;Betrag;Währung;E-Mail;Telefon;Filiale;Artikel;Verkäufer
<5h german@Europe/Berlin>;K-7001;19,95;EUR;jörn.kühn@example.com;030/23125-011;Köln-Süd;Müsli;Frau Weiß
<12h german@Europe/Berlin>;K-7002;1.249,00;EUR;lena.maß@example.com;+49 (0)30 23125 012;Köln-Süd;Kühlschrank;Frau Weiß
<23h german@Europe/Berlin>;K-7003;59,90 €;EUR;max.otto@example.com;;Köln-Süd;Küchenwaage;Herr Groß
<29h german@Europe/Berlin>;K-7004;8,50;EUR;keine;030 23125 014;Köln-Süd;Gebäck;Herr Groß
<35h german@Europe/Berlin>;K-7005;-8,50;EUR;nora.pohl@example.com;;Köln-Süd;Gebäck;Herr Groß
<41h german@Europe/Berlin>;K-7006;24,00;CHF;olaf.ruß@example.com;;Köln-Süd;Käsebrett;Frau Weiß
<48h german@Europe/Berlin>;K-7007;24.50;EUR;pia.senn@example.com;;Köln-Süd;Käsebrett;Frau Weiß
<55h german@Europe/Berlin>;K-7008;31,00;EUR;keine;k.A.;Köln-Süd;Brot;Frau Weiß
31.11.2026 10:15;K-7009;31,00;EUR;ria.toll@example.com;;Köln-Süd;Brot;Frau Weiß
"""

SPREADSHEET = """\
Event Name\tDate / Time\tE-mail\tTelephone\tOrder No\tAmount\tCurrency
Purchase\t<4h sql>\tzoë.ames@example.com\t+14155550181\tUT-1\t"1,204.50"\tUSD
Purchase\t<14h sql>\tben.alba@example.com\t(415) 555-0182\tUT-2\t$18.00\tUSD
Contact\t<25h sql>\tcia.bonn@example.com\t1.41556E+10\tUT-3\t\t
Contact\t<37h sql>\t\t1.41556E+10\tUT-4\t\t
Purchase\t########\tdov.cho@example.com\t\tUT-5\t18.00\tUSD
Purchase\t<44h sql>\teva.dahl@example.com\t="4155550186"\tUT-6\t2.3E+03\tUSD
Purchase\t<51h sql>\tfin.eder@example.com\t\t4.00077E+13\t25.00\tUSD
Purchase\t45321.75\tgia.falk@example.com\t\tUT-8\t25.00\tUSD
\t\t\t\t\t\t
Event Name\tDate / Time\tE-mail\tTelephone\tOrder No\tAmount\tCurrency
Purchase\t<58h sql>\thal.gunn@example.com\t\tUT-11\t#N/A\tUSD
\t\t\t\t\t\t
"""


def spread(header: str, rows: str, more: tuple[str, ...] = ()) -> str:
    """Rows of some columns under the whole header of an export, all other cells empty. ``more``: columns at its end."""
    names = [*header.split(","), *more]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(csv.DictReader(io.StringIO(rows)))
    return text.getvalue()


def without_customers(rows: str) -> str:
    """Payments as the till exports them: nobody's address, nobody's number."""
    text = io.StringIO()
    reader = csv.DictReader(io.StringIO(rows))
    names = [name for name in reader.fieldnames or () if name not in ("Email Address", "Phone Number")]
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(reader)
    return text.getvalue()


FILES = {
    "shopify_orders.csv": spread(SHOPIFY_HEADER, SHOPIFY_ORDERS),
    "square_transactions.csv": spread(SQUARE_HEADER, without_customers(SQUARE_PAYMENTS)),
    "square_with_customers.csv": spread(SQUARE_HEADER, SQUARE_PAYMENTS, ("Email Address", "Phone Number")),
    "woocommerce_orders.csv": WOOCOMMERCE,
}
"""Text in UTF-8."""

ENCODED = {
    "european_till.csv": (EUROPEAN_TILL, "cp1252"),
    "spreadsheet_unicode_text.txt": (SPREADSHEET, "utf-16"),
}
"""Text in another encoding."""
