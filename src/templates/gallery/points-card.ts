import type { GalleryTemplate } from "./gallery-template.ts";
import icon2x from "./points-card/images/icon@2x.png" with { type: "file" };
import icon3x from "./points-card/images/icon@3x.png" with { type: "file" };
import icon from "./points-card/images/icon.png" with { type: "file" };
import logo2x from "./points-card/images/logo@2x.png" with { type: "file" };
import logo3x from "./points-card/images/logo@3x.png" with { type: "file" };
import logo from "./points-card/images/logo.png" with { type: "file" };
import strip2x from "./points-card/images/strip@2x.png" with { type: "file" };
import strip3x from "./points-card/images/strip@3x.png" with { type: "file" };
import strip from "./points-card/images/strip.png" with { type: "file" };
import definition from "./points-card/template.json" with { type: "json" };

export const pointsCard: GalleryTemplate = {
  name: "points-card",
  title: "A points card with a QR code.",
  definition,
  images: {
    "icon.png": icon,
    "icon@2x.png": icon2x,
    "icon@3x.png": icon3x,
    "logo.png": logo,
    "logo@2x.png": logo2x,
    "logo@3x.png": logo3x,
    "strip.png": strip,
    "strip@2x.png": strip2x,
    "strip@3x.png": strip3x,
  },
};
