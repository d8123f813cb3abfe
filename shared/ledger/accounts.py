"""The accounts of the ledger, by name. A debit raises what is ours or owed to us, a credit what we owe or have earned.

customers            what customers owe for what was delivered to them; zero once it is captured
processor:NAME       what a payment processor holds for the platform
bank                 what left the platform's bank account, as credits
merchant:mer_…       what the platform owes a merchant; a debit balance is what the merchant owes the platform
tax:mer_…            sales tax collected in a merchant's name
driver:drv_…         what the platform owes a driver
tips                 tips on their way from customers to drivers; zero once a delivery is posted whole
fees                 the platform's earnings: commission and delivery fees
driver_pay           the platform's cost of drivers
"""

CUSTOMERS = "customers"
BANK = "bank"
TIPS = "tips"
FEES = "fees"
DRIVER_PAY = "driver_pay"


def processor(name: str) -> str:
    return f"processor:{name}"


def merchant(merchant_id: str) -> str:
    return f"merchant:{merchant_id}"


def tax(merchant_id: str) -> str:
    return f"tax:{merchant_id}"


def driver(driver_id: str) -> str:
    return f"driver:{driver_id}"
