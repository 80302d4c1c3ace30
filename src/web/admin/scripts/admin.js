import "./copy.js";
import "./live.js";
import "./shortcuts.js";
import { localTimes } from "./times.js";

localTimes(document);
