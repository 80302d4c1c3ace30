/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { type Design, type Item, itemsOf, type ListName, styleOf } from "../../../../templates/design/design.ts";
import type { DesignFinding } from "../../../../templates/design/examine-design.ts";
import type { Visit } from "../../visit.ts";
import { inFormWords } from "./design-words.ts";

/** What every part of the designer's form is drawn from. */
export interface DesignForm {
  readonly visit: Visit;
  readonly design: Design;
  readonly findings: readonly DesignFinding[];
  /** What an input starts with, and what is to be said of it. */
  field(name: string): { name: string; value: string; error?: string; warning?: string; autofocus: boolean };
}

export function designForm(visit: Visit, design: Design, found: readonly DesignFinding[]): DesignForm {
  const style = styleOf(design);
  const findings = found.map((finding) =>
    // JSON is written in its own words.
    finding.input === "rest" ? finding : { ...finding, message: inFormWords(finding.message, style) },
  );
  return {
    visit,
    design,
    findings,
    field(name) {
      const of = (severity: DesignFinding["severity"]) =>
        findings
          .filter((finding) => finding.input === name && finding.severity === severity)
          .map(({ message }) => message);
      const [errors, warnings] = [of("error"), of("warning")];
      return {
        name,
        value: typedIn(design, name),
        ...(errors.length > 0 ? { error: errors.join("; ") } : {}),
        ...(warnings.length > 0 ? { warning: warnings.join("; ") } : {}),
        autofocus: false,
      };
    },
  };
}

function typedIn({ texts, lists }: Design, name: string): string {
  const [, list = "", at, key = ""] = /^(.+)\.(\d+)\.([\w-]+)$/.exec(name) ?? [];
  const item = at === undefined ? undefined : lists[list as ListName]?.[Number(at)];
  return (item ? item[key] : texts[name]) ?? "";
}

/** Where the summary of what is wrong leads to. */
export const placeOf = (name: string): string => `at-${name}`;

/** An input with a place that can be linked to. */
export const At = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div class="at" id={placeOf(name)}>
    {children}
  </div>
);

export interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly form: DesignForm;
  /** Which inputs are in it, by how their names begin: it is open where one of them needs a look. */
  readonly inputs: readonly string[];
  readonly open?: boolean;
  readonly children: ComponentChildren;
}

/** A part of the form that opens and closes. */
export function Section({ id, title, about, form, inputs, open = false, children }: SectionProps) {
  const isWrong = form.findings.some(
    ({ input, severity }) => severity === "error" && inputs.some((begin) => input.startsWith(begin)),
  );
  return (
    <details class="card section" id={id} open={open || isWrong}>
      <summary>
        <h2>{title}</h2>
        <span>{about}</span>
      </summary>
      <div class="section-body">{children}</div>
    </details>
  );
}

export interface ItemListProps {
  readonly form: DesignForm;
  readonly list: ListName;
  /** What one of them is called: "field". */
  readonly noun: string;
  /** Where the list may have no more. */
  readonly full?: boolean;
  /** The list that the first one moves up into. */
  readonly above?: string | undefined;
  /** The list that the last one moves down into. */
  readonly below?: string | undefined;
  /** Named where it is closed, in a few words. */
  summaryOf(item: Item): readonly [name: string, more: string];
  itemOf(item: Item, path: string): ComponentChildren;
}

/** Items that can be added, moved and taken away; each opens in its place. */
export function ItemList({ form, list, noun, full = false, above, below, summaryOf, itemOf }: ItemListProps) {
  const items = itemsOf(form.design, list);
  return (
    <div class="items" id={placeOf(list)} data-list={list}>
      {items.map((item, i) => {
        const path = `${list}.${i}`;
        const [name, more] = summaryOf(item);
        const needsLook = form.findings.some(
          ({ input, severity }) => severity === "error" && input.startsWith(`${path}.`),
        );
        return (
          <details class="item" id={path} key={path} open={needsLook || name === ""}>
            <summary data-part={`summary ${path}`}>
              <strong>{name || `New ${noun}`}</strong> <span>{more}</span>
            </summary>
            <div class="item-body">
              {itemOf(item, path)}
              <div class="item-actions">
                {i > 0 ? (
                  <Edit form={form} does={`up ${list} ${i}`} label="Up" what={`${noun} ${i + 1}`} />
                ) : (
                  above && <Edit form={form} does={`up ${list} 0`} label={`Up into “${above}”`} what={`${noun} 1`} />
                )}
                {i < items.length - 1 ? (
                  <Edit form={form} does={`down ${list} ${i}`} label="Down" what={`${noun} ${i + 1}`} />
                ) : (
                  below && (
                    <Edit
                      form={form}
                      does={`down ${list} ${i}`}
                      label={`Down into “${below}”`}
                      what={`${noun} ${i + 1}`}
                    />
                  )
                )}
                <Edit form={form} does={`remove ${list} ${i}`} label="Remove" what={`${noun} ${i + 1}`} danger />
              </div>
            </div>
          </details>
        );
      })}
      {!full && <Edit form={form} does={`add ${list}`} label={`Add a ${noun}`} what="" />}
    </div>
  );
}

interface EditProps {
  readonly form: DesignForm;
  /** As `parseListEdit` reads it. */
  readonly does: string;
  readonly label: string;
  /** Said after the label to those who do not see where the button stands. */
  readonly what: string;
  readonly danger?: boolean;
}

/** Changes a list; what was typed goes along. */
export const Edit = ({ label, what, does, danger = false }: EditProps) => (
  <button type="submit" class={danger ? "button danger" : "button plain"} name="edit" value={does}>
    {label}
    {what && <span class="unseen"> {what}</span>}
  </button>
);
