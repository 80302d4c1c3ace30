import "./copy.js";
import "./live.js";
import "./refresh.js";
import "./shortcuts.js";
import { localTimes } from "./times.js";

localTimes(document);
