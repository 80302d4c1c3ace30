import base from "./base.css" with { type: "text" };
import chart from "./chart.css" with { type: "text" };
import content from "./content.css" with { type: "text" };
import controls from "./controls.css" with { type: "text" };
import designer from "./designer.css" with { type: "text" };
import frame from "./frame.css" with { type: "text" };
import klaviyo from "./klaviyo.css" with { type: "text" };
import pass from "./pass.css" with { type: "text" };
import steps from "./steps.css" with { type: "text" };
import table from "./table.css" with { type: "text" };
import template from "./template.css" with { type: "text" };

/** The look of the admin site, on top of the tokens. */
export const ADMIN_STYLES =
  base + frame + content + controls + table + pass + steps + chart + template + designer + klaviyo;
