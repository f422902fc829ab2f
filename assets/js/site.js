import { offerCopies } from "./copy.js";
import { openDrawers } from "./drawer.js";
import { follow } from "./follow.js";
import { guardForms } from "./forms.js";
import { closeMenu } from "./menu.js";
import { offerNames } from "./names.js";
import { saveAsYouGo } from "./worksheet.js";
import { showYourTime } from "./your-time.js";

guardForms(document);
closeMenu(document);
offerNames(document);
showYourTime(document);
offerCopies(document);
saveAsYouGo(document);
follow(document);
openDrawers(document);
