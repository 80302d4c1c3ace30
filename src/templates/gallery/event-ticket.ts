import background2x from "./event-ticket/images/background@2x.png" with { type: "file" };
import background3x from "./event-ticket/images/background@3x.png" with { type: "file" };
import background from "./event-ticket/images/background.png" with { type: "file" };
import icon2x from "./event-ticket/images/icon@2x.png" with { type: "file" };
import icon3x from "./event-ticket/images/icon@3x.png" with { type: "file" };
import icon from "./event-ticket/images/icon.png" with { type: "file" };
import logo2x from "./event-ticket/images/logo@2x.png" with { type: "file" };
import logo3x from "./event-ticket/images/logo@3x.png" with { type: "file" };
import logo from "./event-ticket/images/logo.png" with { type: "file" };
import thumbnail2x from "./event-ticket/images/thumbnail@2x.png" with { type: "file" };
import thumbnail3x from "./event-ticket/images/thumbnail@3x.png" with { type: "file" };
import thumbnail from "./event-ticket/images/thumbnail.png" with { type: "file" };
import definition from "./event-ticket/template.json" with { type: "json" };
import type { GalleryTemplate } from "./gallery-template.ts";

export const eventTicket: GalleryTemplate = {
  name: "event-ticket",
  title: "An event ticket with a seat and a QR code.",
  definition,
  images: {
    "background.png": background,
    "background@2x.png": background2x,
    "background@3x.png": background3x,
    "icon.png": icon,
    "icon@2x.png": icon2x,
    "icon@3x.png": icon3x,
    "logo.png": logo,
    "logo@2x.png": logo2x,
    "logo@3x.png": logo3x,
    "thumbnail.png": thumbnail,
    "thumbnail@2x.png": thumbnail2x,
    "thumbnail@3x.png": thumbnail3x,
  },
};
