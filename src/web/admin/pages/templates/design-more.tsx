/** @jsxImportSource preact */

import { BARCODE_FORMATS } from "../../../../apple/format/barcodes.ts";
import { FIELD_TYPES } from "../../../../templates/definition.ts";
import { Checkbox } from "../../components/checkbox.tsx";
import { Field, Select } from "../../components/field.tsx";
import { Hidden } from "../../components/form.tsx";
import { capitalised } from "../../words.ts";
import { At, type DesignForm, ItemList, Section } from "./design-inputs.tsx";

/** What a flow fills in. */
export function InputsSection({ form }: { form: DesignForm }) {
  return (
    <Section
      id="inputs"
      title="What the template asks for"
      about="Values that a flow fills in"
      form={form}
      inputs={["fields."]}
    >
      <p class="aside">
        Each gets a name, which webhooks use and which stands in double braces on the pass. The example is what the
        preview shows: try long ones.
      </p>
      <ItemList
        form={form}
        list="fields"
        noun="value"
        summaryOf={({ name = "", type = "text", required }) => [name, `${type}${required ? ", required" : ""}`]}
        itemOf={(item, path) => (
          <>
            <Hidden name={`${path}.was`} value={item["was"] ?? ""} />
            <Hidden name={`${path}.formerly`} value={item["formerly"] ?? ""} />
            <div class="field-grid">
              <At name={`${path}.name`}>
                <Field
                  label="Name in webhooks"
                  mono
                  autocomplete="off"
                  hint={
                    item["was"]
                      ? `You can rename it: passes and flows that say ${[...(item["formerly"] ?? "").split(",").filter(Boolean), item["was"]].join(", ")} go on.`
                      : "Letters, digits, hyphen, dot: member-name."
                  }
                  {...form.field(`${path}.name`)}
                />
              </At>
              <At name={`${path}.type`}>
                <Select
                  label="Type"
                  {...form.field(`${path}.type`)}
                  options={FIELD_TYPES.map((value) => ({ value, label: capitalised(value) }))}
                />
              </At>
              <At name={`${path}.label`}>
                <Field
                  label="What people call it"
                  autocomplete="off"
                  hint="Where somebody fills it in."
                  {...form.field(`${path}.label`)}
                />
              </At>
              <At name={`${path}.example`}>
                <Field label="Example" autocomplete="off" {...form.field(`${path}.example`)} />
              </At>
              <At name={`${path}.default`}>
                <Field
                  label="Where nothing is given"
                  autocomplete="off"
                  hint="Empty: what shows it is left out."
                  {...form.field(`${path}.default`)}
                />
              </At>
              <Checkbox
                label="Required"
                hint="No pass is issued without it."
                name={`${path}.required`}
                value={item["required"] ?? ""}
              />
            </div>
          </>
        )}
      />
    </Section>
  );
}

export function BarcodeSection({ form }: { form: DesignForm }) {
  return (
    <Section id="barcode" title="Barcode" about="What a scanner reads" form={form} inputs={["pass.barcodes"]}>
      <p class="aside">A phone shows the first that it can draw. Without any, the pass has none.</p>
      <ItemList
        form={form}
        list="pass.barcodes"
        noun="barcode"
        summaryOf={({ format = "", message = "" }) => [format.replace("PKBarcodeFormat", ""), message]}
        itemOf={(_, path) => (
          <div class="field-grid">
            <At name={`${path}.format`}>
              <Select
                label="Kind"
                {...form.field(`${path}.format`)}
                options={BARCODE_FORMATS.map((value) => ({ value, label: value.replace("PKBarcodeFormat", "") }))}
              />
            </At>
            <At name={`${path}.message`}>
              <Field
                label="What it says"
                mono
                autocomplete="off"
                hint="{{serial}} is another one on each pass."
                {...form.field(`${path}.message`)}
              />
            </At>
            <At name={`${path}.altText`}>
              <Field
                label="Text under it"
                autocomplete="off"
                hint="For scanners that fail."
                {...form.field(`${path}.altText`)}
              />
            </At>
            <At name={`${path}.messageEncoding`}>
              <Select
                label="Encoding"
                {...form.field(`${path}.messageEncoding`)}
                options={[
                  { value: "iso-8859-1", label: "iso-8859-1: every scanner" },
                  { value: "utf-8", label: "utf-8: every letter" },
                ]}
              />
            </At>
            <Hidden name={`${path}.more`} value={form.field(`${path}.more`).value} />
          </div>
        )}
      />
    </Section>
  );
}

export function DeliverySection({ form }: { form: DesignForm }) {
  return (
    <Section
      id="delivery"
      title="Klaviyo and signing"
      about="Repeated deliveries, profile properties"
      form={form}
      inputs={["repeat", "profilePropertyPrefix", "passTypeIdentifier"]}
    >
      <div class="field-grid">
        <At name="repeat">
          <Select
            label="When a flow sends the same person again"
            {...form.field("repeat")}
            options={[
              // A file may say what is so anyway.
              { value: form.field("repeat").value === "reuse" ? "reuse" : "", label: "Their pass is updated" },
              { value: "new", label: "They get a new pass" },
            ]}
          />
        </At>
        <At name="profilePropertyPrefix">
          <Field
            label="Profile properties begin with"
            mono
            placeholder="wallet_pass"
            hint="Give each template its own where a person can have passes of several."
            {...form.field("profilePropertyPrefix")}
          />
        </At>
        <At name="passTypeIdentifier">
          <Field
            label="Pass Type ID"
            mono
            placeholder="pass.com.example"
            hint="Which certificate signs it. Empty: the account's newest."
            {...form.field("passTypeIdentifier")}
          />
        </At>
      </div>
    </Section>
  );
}
