/** @jsxImportSource preact */
import { itemsOf } from "../../../../templates/design/design.ts";
import { translatableTexts } from "../../../../templates/design/translatable.ts";
import { Field } from "../../components/field.tsx";
import { Hidden } from "../../components/form.tsx";
import { At, type DesignForm, Edit, placeOf, Section } from "./design-inputs.tsx";

const names = new Intl.DisplayNames(["en"], { type: "language" });

function languageName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

/** What other languages say in place of the pass's texts. */
export function LanguagesSection({ form }: { form: DesignForm }) {
  const languages = itemsOf(form.design, "languages");
  const { error, warning } = form.field("languages");
  const onPass = translatableTexts(form.design);
  return (
    <Section
      id="languages"
      title="Languages"
      about={
        languages.length === 0 ? "One for everybody" : languages.map(({ code = "" }) => languageName(code)).join(", ")
      }
      form={form}
      inputs={["languages", "translations"]}
    >
      <p class="aside">
        Dates and numbers follow each phone by themselves. For texts, add every language that you want to speak, also
        the one that the pass is written in: a phone that finds none of its languages takes any of those that are here.
        A text that is left empty is said as it stands on the pass.
      </p>
      <div class="items" id={placeOf("languages")} data-list="languages">
        {error && <p class="error">{error}</p>}
        {warning && <p class="warning">{warning}</p>}
        {languages.map(({ code = "" }, i) => (
          <div class="language" key={code}>
            <Hidden name={`languages.${i}.code`} value={code} />
            <strong>{languageName(code)}</strong> <code>{code}</code>
            <Edit form={form} does={`remove languages ${i}`} label="Remove" what={languageName(code)} danger />
          </div>
        ))}
        <div class="language" data-edited="languages">
          <Field
            label="Language"
            name="language"
            value={form.visit.form("draft").field("language").value}
            {...errorOf(form)}
            list="language-codes"
            placeholder="fr, pt-BR, zh-Hans"
            autocomplete="off"
          />
          <datalist id="language-codes">
            {COMMON.map((code) => (
              <option key={code} value={code}>
                {languageName(code)}
              </option>
            ))}
          </datalist>
          <Edit form={form} does="add languages" label="Add the language" what="" />
        </div>
      </div>
      {languages.length > 0 && (
        <div class="translations" data-part="translations" data-idle>
          {itemsOf(form.design, "translations").map(({ key = "" }, i) => (
            <fieldset key={`${key} ${i}`} data-edited="translations">
              <legend>{key || "Another text"}</legend>
              {key !== "" && <Hidden name={`translations.${i}.key`} value={key} />}
              {key !== "" && !onPass.includes(key) && (
                <p class="aside">Stands on the pass only where a field has this value.</p>
              )}
              <div class="field-grid">
                {key === "" && (
                  <Field
                    label="The text as the pass has it"
                    hint="For instance a value that a field may have, such as Gold."
                    {...form.field(`translations.${i}.key`)}
                  />
                )}
                {languages.map(({ code = "" }) => (
                  <At key={code} name={`translations.${i}.to-${code}`}>
                    <Field
                      label={languageName(code)}
                      autocomplete="off"
                      placeholder={key}
                      {...form.field(`translations.${i}.to-${code}`)}
                    />
                  </At>
                ))}
              </div>
            </fieldset>
          ))}
          <Edit form={form} does="add translations" label="Add another text" what="" />
        </div>
      )}
    </Section>
  );
}

function errorOf({ visit }: DesignForm): { error?: string; autofocus: boolean } {
  const { error } = visit.form("draft").field("language");
  return { ...(error === undefined ? {} : { error }), autofocus: false };
}

const COMMON = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "nl",
  "pt",
  "pt-BR",
  "pl",
  "sv",
  "da",
  "nb",
  "fi",
  "cs",
  "tr",
  "ja",
  "ko",
  "zh-Hans",
  "zh-Hant",
  "ar",
  "he",
];
