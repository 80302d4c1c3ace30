/** @jsxImportSource preact */
import { FEATURED_ACTION_TYPES } from "../../../../apple/format/actions.ts";
import { itemsOf } from "../../../../templates/design/design.ts";
import { Checkbox } from "../../components/checkbox.tsx";
import { Field, Select } from "../../components/field.tsx";
import { Hidden } from "../../components/form.tsx";
import { capitalised } from "../../words.ts";
import { At, type DesignForm, ItemList, Section } from "./design-inputs.tsx";

export function WhenAndWhereSection({ form }: { form: DesignForm }) {
  return (
    <Section
      id="when"
      title="When and where"
      about="Expiry, relevance and places"
      form={form}
      inputs={["pass.expirationDate", "pass.relevantDate", "pass.locations", "pass.maxDistance", "timeZone"]}
    >
      <div class="field-grid">
        <At name="pass.expirationDate">
          <Field
            label="Valid until"
            autocomplete="off"
            hint="A day such as 2030-12-31, to its end, or {{…}} of a date. Afterwards phones hide the pass."
            {...form.field("pass.expirationDate")}
          />
        </At>
        <At name="pass.relevantDate">
          <Field
            label="Shown on the lock screen at"
            autocomplete="off"
            hint="When the event or the journey begins, such as 2030-06-21T19:30, or {{…}} of a date."
            {...form.field("pass.relevantDate")}
          />
        </At>
        <At name="timeZone">
          <Field
            label="Time zone"
            list="time-zones"
            autocomplete="off"
            hint="Of all dates that are given without one, such as Europe/Berlin. Empty: UTC."
            {...form.field("timeZone")}
          />
          <datalist id="time-zones">
            {Intl.supportedValuesOf("timeZone").map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </At>
      </div>
      <section class="area">
        <h3>Places</h3>
        <p class="aside">
          Near one of them, up to ten, the pass shows on the lock screen. Maps tell latitude and longitude where you
          press long or click with the right button.
        </p>
        <ItemList
          form={form}
          list="pass.locations"
          noun="place"
          full={itemsOf(form.design, "pass.locations").length >= 10}
          summaryOf={({ latitude = "", longitude = "", relevantText = "" }) => [
            relevantText || [latitude, longitude].filter(Boolean).join(", "),
            relevantText && [latitude, longitude].filter(Boolean).join(", "),
          ]}
          itemOf={(_, path) => (
            <div class="field-grid">
              <At name={`${path}.latitude`}>
                <Field label="Latitude" placeholder="52.520008" {...form.field(`${path}.latitude`)} />
              </At>
              <At name={`${path}.longitude`}>
                <Field label="Longitude" placeholder="13.404954" {...form.field(`${path}.longitude`)} />
              </At>
              <At name={`${path}.relevantText`}>
                <Field
                  label="Said there"
                  autocomplete="off"
                  placeholder="Our café is around the corner"
                  {...form.field(`${path}.relevantText`)}
                />
              </At>
              <Hidden name={`${path}.altitude`} value={form.field(`${path}.altitude`).value} />
              <Hidden name={`${path}.more`} value={form.field(`${path}.more`).value} />
            </div>
          )}
        />
      </section>
      <At name="pass.maxDistance">
        <Field
          label="How near, in metres"
          inputmode="numeric"
          hint="Empty: the phone decides."
          {...form.field("pass.maxDistance")}
        />
      </At>
    </Section>
  );
}

export function LinksSection({ form }: { form: DesignForm }) {
  return (
    <Section
      id="links"
      title="Buttons and sharing"
      about="What can be done with the pass"
      form={form}
      inputs={["pass.featuredActions", "pass.sharingProhibited"]}
    >
      <Checkbox
        label="Take the Share button away"
        hint="It protects nothing else: whoever has the link has the pass."
        name="pass.sharingProhibited"
        value={form.field("pass.sharingProhibited").value}
      />
      <section class="area">
        <h3>Buttons</h3>
        <p class="aside">Up to two, from iOS 27. The phone brings picture and words. Links in texts go on the back.</p>
        <ItemList
          form={form}
          list="pass.featuredActions"
          noun="button"
          full={itemsOf(form.design, "pass.featuredActions").length >= 2}
          summaryOf={({ type = "", url = "" }) => [actionWords(type), url]}
          itemOf={(_, path) => (
            <div class="field-grid">
              <At name={`${path}.type`}>
                <Select
                  label="What it does"
                  {...form.field(`${path}.type`)}
                  options={FEATURED_ACTION_TYPES.map((value) => ({ value, label: actionWords(value) }))}
                />
              </At>
              <At name={`${path}.url`}>
                <Field
                  label="Where it leads"
                  mono
                  placeholder="https://www.example.com/"
                  autocomplete="off"
                  {...form.field(`${path}.url`)}
                />
              </At>
              <At name={`${path}.identifier`}>
                <Field
                  label="Identifier"
                  mono
                  hint="A name of its own, such as shop."
                  {...form.field(`${path}.identifier`)}
                />
              </At>
              <Hidden name={`${path}.more`} value={form.field(`${path}.more`).value} />
            </div>
          )}
        />
      </section>
    </Section>
  );
}

/** `bookAppointment` → `Book appointment`. */
const actionWords = (type: string): string =>
  capitalised(type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
