"""How long worksheets are kept, and how often their links are mailed."""

from datetime import timedelta

#: How long a worksheet that is nobody's stays after its last answer.
KEPT = timedelta(days=180)
#: Begun from one network address within an hour: a hall full of people is behind one.
WORKSHEETS_AN_HOUR = 600
#: The kind of mail that a link is sent by; how often to one address, and from one
#: network address, within an hour.
LINK_MAIL = "worksheets.link"
LINKS_AN_ADDRESS, LINKS_A_NETWORK = 3, 600
