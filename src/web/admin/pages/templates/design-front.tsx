/** @jsxImportSource preact */
import { areaBeside, areasOf } from "../../../../templates/design/areas.ts";
import { type Area, type Item, itemsOf, styleOf } from "../../../../templates/design/design.ts";
import { Checkbox } from "../../components/checkbox.tsx";
import { Field, Select, TextArea } from "../../components/field.tsx";
import { At, type DesignForm, ItemList, Section } from "./design-inputs.tsx";
import { areaWords } from "./design-words.ts";

/** The fields of the pass, area by area. */
export function FrontSection({ form }: { form: DesignForm }) {
  const style = styleOf(form.design);
  const titleBeside = (area: Area, step: -1 | 1): string | undefined => {
    const beside = areaBeside(form.design, area, step);
    return beside && areaWords(style, beside).title;
  };
  return (
    <Section id="front" title="Fields on the pass" about="What stands where" form={form} inputs={["front."]} open>
      <Placeholders form={form} />
      {style === "boardingPass" && (
        <At name="front.transitType">
          <Select label="Means of transport" {...form.field("front.transitType")} options={TRANSIT_TYPES} />
        </At>
      )}
      {areasOf(form.design).map((area) => (
        <section key={area} class="area">
          <h3>{areaWords(style, area).title}</h3>
          <p class="aside">{areaWords(style, area).about}</p>
          <ItemList
            form={form}
            list={`front.${area}`}
            noun="field"
            above={titleBeside(area, -1)}
            below={titleBeside(area, 1)}
            summaryOf={({ label = "", value = "", attributedValue = "" }) => [
              label || value || attributedValue,
              label ? value || attributedValue : "",
            ]}
            itemOf={(item, path) => <PassField form={form} area={area} item={item} path={path} />}
          />
        </section>
      ))}
    </Section>
  );
}

/** What can be filled in; with script, a click writes it into the text that was typed in last. */
function Placeholders({ form }: { form: DesignForm }) {
  const names = itemsOf(form.design, "fields").flatMap(({ name = "" }) => (name === "" ? [] : [name]));
  return (
    <div class="placeholders" data-part="placeholders">
      <p class="aside">Write one of these where each pass has its own value:</p>
      <ul>
        {[...names, "recipient.name", "recipient.email", "serial", "url", "issued-at"].map((name) => (
          <li key={name}>
            <button type="button" class="chip" data-insert={`{{${name}}}`}>
              {`{{${name}}}`}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface PassFieldProps {
  readonly form: DesignForm;
  readonly area: Area;
  readonly item: Item;
  readonly path: string;
}

function PassField({ form, area, item, path }: PassFieldProps) {
  const field = (key: string) => form.field(`${path}.${key}`);
  const at = (key: string) => `${path}.${key}`;
  const isBack = area === "backFields" || area === "additionalInfoFields";
  const formats = ["dateStyle", "timeStyle", "numberStyle", "currencyCode", "ignoresTimeZone", "isRelative"];
  const others = ["key", "attributedValue", "row", "more"];
  return (
    <>
      <div class="field-grid">
        <At name={at("label")}>
          <Field label="Label" autocomplete="off" {...field("label")} />
        </At>
        {isBack ? (
          <div class="wide">
            <At name={at("value")}>
              <TextArea label="Text" rows={3} {...field("value")} />
            </At>
          </div>
        ) : (
          <At name={at("value")}>
            <Field label="Value" autocomplete="off" {...field("value")} />
          </At>
        )}
        <At name={at("changeMessage")}>
          <Field
            label="Message when it changes"
            autocomplete="off"
            hint="%@ stands for the new value. Empty: nothing is said."
            {...field("changeMessage")}
          />
        </At>
        {!isBack && area !== "primaryFields" && (
          <At name={at("textAlignment")}>
            <Select label="Alignment" {...field("textAlignment")} options={ALIGNMENTS} />
          </At>
        )}
      </div>
      <details class="more" id={`${path}-format`} open={isWrong(form, path, formats)}>
        <summary>How dates and numbers are written{formatWords(item)}</summary>
        <div class="field-grid">
          <At name={at("dateStyle")}>
            <Select label="Day" {...field("dateStyle")} options={DATE_STYLES} />
          </At>
          <At name={at("timeStyle")}>
            <Select label="Time" {...field("timeStyle")} options={TIME_STYLES} />
          </At>
          <At name={at("numberStyle")}>
            <Select label="Number" {...field("numberStyle")} options={NUMBER_STYLES} />
          </At>
          <At name={at("currencyCode")}>
            <Field
              label="Currency"
              placeholder="EUR"
              hint="For amounts of money, in place of the number's."
              {...field("currencyCode")}
            />
          </At>
          <Checkbox
            label="Time as at the place"
            hint="In the zone of the date. Else in that of the phone."
            {...checked(field("ignoresTimeZone"))}
          />
          <Checkbox label="Near days in words" hint="Today, tomorrow." {...checked(field("isRelative"))} />
        </div>
      </details>
      <details class="more" id={`${path}-more`} open={isWrong(form, path, others)}>
        <summary>More</summary>
        <div class="field-grid">
          <At name={at("key")}>
            <Field
              label="Key"
              mono
              hint="By it phones know the field: with another one, it is another field."
              {...field("key")}
            />
          </At>
          {area === "auxiliaryFields" && (
            <At name={at("row")}>
              <Select label="Row" {...field("row")} options={ROWS} />
            </At>
          )}
          <div class="wide">
            <At name={at("attributedValue")}>
              <Field
                label="Value with links"
                mono
                hint='Shown in place of the value, such as <a href="{{url}}">Open your card</a>.'
                {...field("attributedValue")}
              />
            </At>
          </div>
          <div class="wide">
            <At name={at("more")}>
              <TextArea label="Other keys, as JSON" rows={2} mono {...field("more")} />
            </At>
          </div>
        </div>
      </details>
    </>
  );
}

const checked = ({ name, value }: { name: string; value: string }) => ({ name, value });

const isWrong = ({ findings }: DesignForm, path: string, keys: readonly string[]): boolean =>
  findings.some(({ input, severity }) => severity === "error" && keys.some((key) => input === `${path}.${key}`));

function formatWords({ dateStyle, timeStyle, numberStyle, currencyCode }: Item): string {
  const given = [dateStyle, timeStyle, numberStyle, currencyCode].filter((style) => style);
  return given.length === 0
    ? ""
    : `: ${given.map((style = "") => style.replace(/^PK(Date|Number)Style/, "")).join(", ")}`;
}

const asOptions = (prefix: string, words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value: value && `${prefix}${value}`, label }));

const ALIGNMENTS = asOptions("PKTextAlignment", {
  "": "As its place has it",
  Left: "Left",
  Center: "Centred",
  Right: "Right",
  Natural: "As the language is written",
});
const DATE_STYLES = asOptions("PKDateStyle", {
  "": "–",
  None: "Not shown",
  Short: "Short: 21/11/26",
  Medium: "Medium: 21 Nov 2026",
  Long: "Long: 21 November 2026",
  Full: "Full: Saturday 21 November 2026",
});
const TIME_STYLES = asOptions("PKDateStyle", {
  "": "–",
  None: "Not shown",
  Short: "Short: 18:30",
  Medium: "Medium: 18:30:00",
  Long: "Long: 18:30:00 GMT+1",
  Full: "Full: 18:30:00 with the zone's name",
});
const NUMBER_STYLES = asOptions("PKNumberStyle", {
  "": "–",
  Decimal: "1,234.5",
  Percent: "Percent",
  Scientific: "Scientific",
  SpellOut: "In words",
});
const TRANSIT_TYPES = asOptions("PKTransitType", {
  Generic: "Any",
  Air: "Plane",
  Boat: "Boat",
  Bus: "Bus",
  Train: "Train",
});
const ROWS = [
  { value: "", label: "First" },
  { value: "1", label: "Second (event tickets)" },
];
