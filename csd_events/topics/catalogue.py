"""The published vocabulary. Grouping of services and population breaks are ours."""

from typing import Final

#: Families of service areas, each with its areas, in the order people see them.
SERVICE_FAMILIES: Final = {
    "public_safety": (
        "Public safety",
        {
            "fire_ems": "Fire and emergency medical",
            "police": "Police",
            "dispatch_911": "911 dispatch",
            "animal_services": "Animal services",
            "emergency_management": "Emergency management",
            "courts_corrections": "Courts and jail",
        },
    ),
    "public_works": (
        "Public works and utilities",
        {
            "public_works": "Streets and public works",
            "water_wastewater": "Water and wastewater",
            "stormwater": "Stormwater",
            "solid_waste": "Solid waste and recycling",
            "fleet_equipment": "Fleet and equipment",
            "transit": "Transit",
        },
    ),
    "development": (
        "Development and permitting",
        {
            "building_code": "Building inspection and code enforcement",
            "planning_zoning": "Planning and zoning",
            "economic_development": "Economic development",
        },
    ),
    "community": (
        "Parks, libraries and culture",
        {
            "parks_recreation": "Parks and recreation",
            "libraries": "Libraries",
            "community_centers": "Community centers",
            "arts_culture": "Arts and culture",
        },
    ),
    "human": (
        "Health and human services",
        {
            "public_health": "Public health",
            "human_services": "Human and job services",
            "senior_services": "Senior services",
        },
    ),
    "support": (
        "Administration and support",
        {
            "information_technology": "Information technology",
            "purchasing": "Purchasing",
            "employee_benefits": "Employee insurance and benefits",
            "human_resources": "Human resources and training",
            "assessing_finance": "Assessing, finance and tax",
            "legal": "Legal",
            "facilities_offices": "Offices and buildings",
            "whole_government": "Many services at once",
        },
    ),
}

#: The area that stands for a whole government: no worksheet can be about it.
WHOLE_GOVERNMENT: Final = "whole_government"

#: Forms of arrangement, in the order the decision tool shows them.
FORMS: Final = {
    "public_public_horizontal": "Public-public, horizontal",
    "public_public_vertical": "Public-public, vertical",
    "consolidation_regionalization": "Consolidation or regionalization",
    "public_private": "Public-private",
    "public_nonprofit": "Public-nonprofit",
}

#: The forms in which governments alone take part.
BETWEEN_GOVERNMENTS: Final = frozenset(
    {
        "public_public_horizontal",
        "public_public_vertical",
        "consolidation_regionalization",
    }
)

#: Where somebody is on the way to an arrangement, in its order.
STAGES: Final = {
    "exploring": "Exploring",
    "deciding whether": "Deciding whether",
    "choosing a form": "Choosing a form",
    "setting up": "Setting up",
    "running": "Running",
    "reconsidering": "Reconsidering",
}

#: Population classes from small to large: words, and the population each starts at.
POPULATION_CLASSES: Final = {
    "under 2.5k": ("under 2,500", 0),
    "2.5k-10k": ("2,500 to 9,999", 2_500),
    "10k-25k": ("10,000 to 24,999", 10_000),
    "25k-50k": ("25,000 to 49,999", 25_000),
    "50k-100k": ("50,000 to 99,999", 50_000),
    "100k-250k": ("100,000 to 249,999", 100_000),
    "250k-500k": ("250,000 to 499,999", 250_000),
    "500k+": ("500,000 and over", 500_000),
}

#: The divisions of the United States Census Bureau. Territories are in none.
CENSUS_DIVISIONS: Final = {
    "New England": ("CT", "ME", "MA", "NH", "RI", "VT"),
    "Mid-Atlantic": ("NJ", "NY", "PA"),
    "East North Central": ("IL", "IN", "MI", "OH", "WI"),
    "West North Central": ("IA", "KS", "MN", "MO", "NE", "ND", "SD"),
    "South Atlantic": ("DE", "FL", "GA", "MD", "NC", "SC", "VA", "WV", "DC"),
    "East South Central": ("AL", "KY", "MS", "TN"),
    "West South Central": ("AR", "LA", "OK", "TX"),
    "Mountain": ("AZ", "CO", "ID", "MT", "NV", "NM", "UT", "WY"),
    "Pacific": ("AK", "CA", "HI", "OR", "WA"),
}

#: States, the federal district and territories by postal code, A to Z by name.
STATES: Final = {
    "AL": "Alabama", "AK": "Alaska", "AS": "American Samoa", "AZ": "Arizona",
    "AR": "Arkansas", "CA": "California", "CO": "Colorado", "CT": "Connecticut",
    "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida",
    "GA": "Georgia", "GU": "Guam", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland",
    "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska",
    "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "MP": "Northern Mariana Islands", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "VI": "U.S. Virgin Islands", "UT": "Utah",
    "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

#: Provinces and territories of Canada. No code is also a state's.
PROVINCES: Final = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba",
    "NB": "New Brunswick", "NL": "Newfoundland and Labrador",
    "NT": "Northwest Territories", "NS": "Nova Scotia", "NU": "Nunavut",
    "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec",
    "SK": "Saskatchewan", "YT": "Yukon",
}  # fmt: skip

JURISDICTION_TYPES: Final = (
    "city",
    "town",
    "township",
    "village",
    "borough",
    "county",
    "special district",
    "school district",
    "regional body",
    "state agency",
    "tribal government",
    "nonprofit",
    "firm",
    "university",
    "other",
)

#: Types that make nobody alike: sharing one of them is no reason to suggest a case.
UNLIKE_TYPES: Final = frozenset({"other", "nonprofit", "firm", "university"})
#: The types that are governments, and so jurisdictions in the strict sense.
GOVERNMENT_TYPES: Final = frozenset(JURISDICTION_TYPES) - UNLIKE_TYPES

TOPICS: Final = (
    "citizen_engagement",
    "cost_sharing_formula",
    "exit_and_termination",
    "facilities",
    "governance_board",
    "labor_relations",
    "legal_challenge",
    "performance_monitoring",
    "procurement",
    "reversal",
    "rural",
    "staff_sharing",
    "start_up",
    "trust_building",
)

#: What the entries of the bibliography are about.
READING_TOPICS: Final = {
    "decision_tool": "The decision tool",
    "evidence": "What research found",
    "service_characteristics": "Characteristics of services",
    "market": "Competition and markets",
    "networks": "Networks of governments",
    "trust": "Trust",
    "leadership": "Leadership",
    "elected_officials": "Elected officials",
    "citizen_interest": "Citizens' interest",
    "readiness": "Readiness",
    "how_to": "How to go about it",
    "cost": "Cost",
    "legal": "Law",
    "survey": "Surveys",
    "examples": "Examples",
    "forms": "Forms of arrangement",
    "consolidation": "Consolidation",
    "public_private": "Public-private",
    "county": "Counties",
    "rural": "Rural places",
    "dispatch_911": "911 dispatch",
    "public_health": "Public health",
    "solid_waste": "Solid waste",
}
