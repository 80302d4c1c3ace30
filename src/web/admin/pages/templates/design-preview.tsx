/** @jsxImportSource preact */

import { itemsOf, styleOf } from "../../../../templates/design/design.ts";
import type { Draft } from "../../../../templates/drafts/drafts.ts";
import { PassBack } from "../../../preview/pass-back.tsx";
import { PassFront } from "../../../preview/pass-front.tsx";
import type { PassView } from "../../../preview/pass-view.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Select } from "../../components/field.tsx";
import { Time } from "../../components/time.tsx";
import { type DesignForm, placeOf } from "./design-inputs.tsx";
import { inputWords } from "./design-words.ts";
import { PREVIEW_TEXTS } from "./pass-thumbnail.tsx";

export const PREVIEW_ID = "preview";

interface DesignPreviewProps {
  readonly form: DesignForm;
  readonly draft: Draft;
  readonly view: PassView;
}

/** The pass as it would be, and what there is to say about it; the script shows both anew while somebody types. */
export function DesignPreview({ form, draft, view }: DesignPreviewProps) {
  const languages = itemsOf(form.design, "languages");
  return (
    <div class="design-preview" id="pass-preview">
      <div data-part="preview">
        <PassFront view={view} texts={PREVIEW_TEXTS} id={PREVIEW_ID} />
        {view.back.length > 0 && (
          <details class="more" id="back">
            <summary>The back</summary>
            <PassBack fields={view.back} />
          </details>
        )}
      </div>
      <div class="preview-choices">
        <Select
          label="Filled with"
          {...form.field("preview.values")}
          options={[
            { value: "", label: "Every example" },
            { value: "required", label: "What every pass has" },
          ]}
        />
        {languages.length > 0 && (
          <Select
            label="In"
            {...form.field("preview.language")}
            options={[
              { value: "", label: "As written" },
              ...languages.map(({ code = "" }) => ({ value: code, label: code })),
            ]}
          />
        )}
        <Button>Preview</Button>
      </div>
      <Findings form={form} />
      <div class="stack" data-part="stored">
        <p class="aside" role="status">
          {draft.storedAt === null ? (
            "Nothing is changed yet."
          ) : (
            <>
              Your draft, stored <Time at={draft.storedAt} now={form.visit.now} />. Passes stay as they are until you
              save it.
            </>
          )}
        </p>
        {draft.storedAt !== null && (
          <Confirm label="Throw the draft away…">
            <p>
              Everything that you changed since {draft.basedOn === 0 ? "you began" : `version ${draft.basedOn}`} is
              gone.
            </p>
            <div>
              <button type="submit" class="button danger" formaction={form.visit.action("discard")}>
                Throw the draft away
              </button>
            </div>
          </Confirm>
        )}
      </div>
    </div>
  );
}

function Findings({ form: { design, findings } }: { form: DesignForm }) {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return (
    <section class="findings" data-part="findings">
      <h2>
        {findings.length === 0 ? "Nothing to mend" : errors > 0 ? "To mend before it can be saved" : "Worth a look"}
      </h2>
      {findings.length > 0 && (
        <ul>
          {findings.map(({ input, severity, message, path }) => (
            <li key={input + path + message} class={severity}>
              <a href={`#${placeOf(input)}`}>{inputWords(input, path, styleOf(design))}</a> {message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
