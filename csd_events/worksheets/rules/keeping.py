"""How long worksheets are kept, and how often their links are mailed."""

from datetime import timedelta

#: How long a worksheet that is nobody's stays after its last answer.
KEPT = timedelta(days=180)
#: Begun from one network address within an hour: a hall full of people is behind one.
WORKSHEETS_AN_HOUR = 600
#: The kinds of mail that links are sent by, of worksheets and of who leads a group; how
#: often to one address, and from one network address, within an hour.
LINK_MAIL = "worksheets.link"
GROUP_LINK_MAIL = "worksheets.group_link"
LINKS_AN_ADDRESS, LINKS_A_NETWORK = 3, 600
