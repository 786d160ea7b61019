"""Countries in UNHCR's Operational Data Portal: its own codes of origin, and its numbers.

Only what is certain stands here. An origin that is missing is told in the portal's words, never guessed: of UNHCR's
codes a hundred are not ISO3, and some of these are ISO3 of another country (ARE is Egypt).
"""

ORIGINS = {
    "AFG": "AFG", "ALG": "DZA", "ARE": "EGY", "BDI": "BDI", "BGD": "BGD", "BKF": "BFA", "CAR": "CAF", "CHD": "TCD",
    "CMR": "CMR", "COB": "COG", "COD": "COD", "COL": "COL", "ERT": "ERI", "ETH": "ETH", "GAM": "GMB", "GAZ": "PSE",
    "GHA": "GHA", "GUI": "GIN", "HAI": "HTI", "ICO": "CIV", "IRN": "IRN", "IRQ": "IRQ", "JOR": "JOR", "KEN": "KEN",
    "LBR": "LBR", "LBY": "LBY", "LEB": "LBN", "MAU": "MRT", "MLI": "MLI", "MYA": "MMR", "NGR": "NER", "NIG": "NGA",
    "PAK": "PAK", "RWA": "RWA", "SEN": "SEN", "SLE": "SLE", "SOM": "SOM", "SSD": "SSD", "SUD": "SDN", "SYR": "SYR",
    "TOG": "TGO", "TUN": "TUN", "TUR": "TUR", "UGA": "UGA", "UKR": "UKR", "VEN": "VEN", "YEM": "YEM",
}  # fmt: skip
"""UNHCR's codes, and ISO3."""

GEO_IDS = {
    "SYR": 112,
    "IRQ": 5,
    "LBN": 71,
    "JOR": 36,
    "TUR": 113,
    "EGY": 1,
    "SDN": 295,
    "SSD": 259,
    "ETH": 160,
    "TCD": 410,
    "UGA": 220,
    "KEN": 178,
}
"""The numbers the portal asks a country by; inside its answers they differ from page to page."""
