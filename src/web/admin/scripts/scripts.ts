import admin from "./admin.js" with { type: "text" };
import copy from "./copy.js" with { type: "text" };
import designer from "./designer.js" with { type: "text" };
import follow from "./follow.js" with { type: "text" };
import items from "./items.js" with { type: "text" };
import live from "./live.js" with { type: "text" };
import once from "./once.js" with { type: "text" };
import part from "./part.js" with { type: "text" };
import refresh from "./refresh.js" with { type: "text" };
import shortcuts from "./shortcuts.js" with { type: "text" };
import times from "./times.js" with { type: "text" };

/** Scripts of the admin site. Every page works without them. */
export const ADMIN_SCRIPTS = {
  "admin.js": admin,
  "copy.js": copy,
  "designer.js": designer,
  "follow.js": follow,
  "items.js": items,
  "live.js": live,
  "once.js": once,
  "part.js": part,
  "refresh.js": refresh,
  "shortcuts.js": shortcuts,
  "times.js": times,
} as const;
