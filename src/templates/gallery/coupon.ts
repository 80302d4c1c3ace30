import icon2x from "./coupon/images/icon@2x.png" with { type: "file" };
import icon3x from "./coupon/images/icon@3x.png" with { type: "file" };
import icon from "./coupon/images/icon.png" with { type: "file" };
import logo2x from "./coupon/images/logo@2x.png" with { type: "file" };
import logo3x from "./coupon/images/logo@3x.png" with { type: "file" };
import logo from "./coupon/images/logo.png" with { type: "file" };
import strip2x from "./coupon/images/strip@2x.png" with { type: "file" };
import strip3x from "./coupon/images/strip@3x.png" with { type: "file" };
import strip from "./coupon/images/strip.png" with { type: "file" };
import definition from "./coupon/template.json" with { type: "json" };
import type { GalleryTemplate } from "./gallery-template.ts";

export const coupon: GalleryTemplate = {
  name: "coupon",
  title: "A coupon with a code and a date to use it by.",
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
