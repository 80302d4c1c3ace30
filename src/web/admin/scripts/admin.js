import "./copy.js";
import "./designer.js";
import "./live.js";
import "./shortcuts.js";
import { localTimes } from "./times.js";

localTimes(document);
