import { offerCopies } from "./copy.js";
import { guardForms } from "./forms.js";
import { closeMenu } from "./menu.js";
import { showYourTime } from "./your-time.js";

guardForms(document);
closeMenu(document);
showYourTime(document);
offerCopies(document);
