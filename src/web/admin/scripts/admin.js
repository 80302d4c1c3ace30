import { copyButtons } from "./copy.js";
import "./designer.js";
import "./follow.js";
import "./live.js";
import "./once.js";
import "./refresh.js";
import "./shortcuts.js";
import { localTimes } from "./times.js";

copyButtons(document);
localTimes(document);
