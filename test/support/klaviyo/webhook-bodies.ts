import type { ProfileAttributes } from "./body-schemas.ts";
import type { FlowContext } from "./flow-template.ts";
import { blankProfile, changeProfile, type FakeProfile, type Properties } from "./profile.ts";

/** A body that a receiver of flow webhooks must expect, and how it comes about. */
export interface WebhookBody {
  readonly what: string;
  /** Undefined where Klaviyo rendered nothing. */
  readonly rendered?: { readonly template: string; readonly context: FlowContext; readonly escapesHtml?: boolean };
  readonly body: string;
}

const ID = "01GDDKASAP8TKDDA2GRZDSVP4H";
const KLAVIYO_ID = '"klaviyo_id":"{{ person.KlaviyoID }}"';

/** A profile outside of any account. */
export function profileWith(attributes: ProfileAttributes, id = ID): FakeProfile {
  return changeProfile(blankProfile(id, 0), { attributes, appendAt: "back" }, 0);
}

const sarah = profileWith({ email: "sarah@example.com", properties: { vip: true } });
const anonymous = profileWith({});
const withProperties = (properties: Properties): FlowContext => ({ profile: profileWith({ properties }) });
const withEvent = (properties: Properties): FlowContext => ({
  profile: sarah,
  event: { event_properties: properties },
});

export const WEBHOOK_BODIES: readonly WebhookBody[] = [
  {
    what: "a metric flow, everything set",
    rendered: {
      template: `{${KLAVIYO_ID},"email":"{{ email }}","decision_key":"{{ event|lookup:'$event_id' }}","total":"{{ event|lookup:'$value' }}","vip":"{{ person.vip }}"}`,
      context: withEvent({ $event_id: "dec_123", $value: 70 }),
    },
    body: `{"klaviyo_id":"${ID}","email":"sarah@example.com","decision_key":"dec_123","total":"70.0","vip":"True"}`,
  },
  {
    what: "event tags in a list flow, a profile without e-mail",
    rendered: {
      template: `{${KLAVIYO_ID},"email":"{{ person.email|default:'' }}","decision_key":"{{ event|lookup:'$event_id'|default:'' }}","total":"{{ event.total }}"}`,
      context: { profile: anonymous },
    },
    body: `{"klaviyo_id":"${ID}","email":"","decision_key":"","total":""}`,
  },
  {
    what: "wrong tag names",
    rendered: {
      template: `{"klaviyo_id":"{{ person.klaviyo_id }}","email":"{{ customer.email }}","trigger":"checkout"}`,
      context: { profile: sarah },
    },
    body: `{"klaviyo_id":"","email":"","trigger":"checkout"}`,
  },
  {
    what: "an unquoted tag, blank",
    rendered: {
      template: `{${KLAVIYO_ID},"total":{{ event.total }},"email":"{{ email }}"}`,
      context: { profile: sarah },
    },
    body: `{"klaviyo_id":"${ID}","total":,"email":"sarah@example.com"}`,
  },
  {
    what: "a raw quote in a value",
    rendered: {
      template: `{${KLAVIYO_ID},"first_name":"{{ first_name }}","email":"{{ email }}"}`,
      context: { profile: profileWith({ first_name: 'Dwayne "The Rock"', email: "a@example.com" }) },
    },
    body: `{"klaviyo_id":"${ID}","first_name":"Dwayne "The Rock"","email":"a@example.com"}`,
  },
  {
    what: "a property of two lines",
    rendered: {
      template: `{"note":"{{ person.note }}",${KLAVIYO_ID}}`,
      context: withProperties({ note: "line one\nline two" }),
    },
    body: `{"note":"line one\nline two","klaviyo_id":"${ID}"}`,
  },
  {
    what: "a backslash: valid JSON that means something else",
    rendered: { template: `{"path":"{{ person.path }}",${KLAVIYO_ID}}`, context: withProperties({ path: "C:\\new" }) },
    body: `{"path":"C:\\new","klaviyo_id":"${ID}"}`,
  },
  {
    what: "a whole event",
    rendered: {
      template: `{${KLAVIYO_ID},"payload":"{{ event }}"}`,
      context: withEvent({ Name: "Kids Book", Price: 9.5, InStock: true, Note: null }),
    },
    body: `{"klaviyo_id":"${ID}","payload":"{'Name': 'Kids Book', 'Price': 9.5, 'InStock': True, 'Note': None}"}`,
  },
  {
    what: "a whole event with an apostrophe",
    rendered: { template: `{${KLAVIYO_ID},"payload":"{{ event }}"}`, context: withEvent({ Name: "Women's Tee" }) },
    body: `{"klaviyo_id":"${ID}","payload":"{'Name': "Women's Tee"}"}`,
  },
  {
    what: "escaped as HTML",
    rendered: {
      template: `{"first_name":"{{ first_name }}","company":"{{ organization }}",${KLAVIYO_ID}}`,
      context: { profile: profileWith({ first_name: "O'Brien", organization: "Smith & Sons" }) },
      escapesHtml: true,
    },
    body: `{"first_name":"O&#x27;Brien","company":"Smith &amp; Sons","klaviyo_id":"${ID}"}`,
  },
  {
    what: "an explicit null, a boolean",
    rendered: {
      template: `{"phone":"{{ person|lookup:'Mobile Phone' }}","vip":"{{ person|lookup:'VIP' }}",${KLAVIYO_ID}}`,
      context: withProperties({ "Mobile Phone": null, VIP: false }),
    },
    body: `{"phone":"None","vip":"False","klaviyo_id":"${ID}"}`,
  },
  {
    what: "a template that was not rendered",
    body: `{"email":"{{ person.email }}","klaviyo_id":"{{ person.KlaviyoID }}"}`,
  },
  {
    what: "a comma too many from a loop",
    rendered: {
      template: `{"items":[{% for item in event.items %}"{{ item.sku }}",{% endfor %}],${KLAVIYO_ID}}`,
      context: withEvent({ items: [{ sku: "a" }, { sku: "b" }] }),
    },
    body: `{"items":["a","b",],"klaviyo_id":"${ID}"}`,
  },
  {
    what: "stray whitespace",
    rendered: {
      template: `{"email":"  {{ person|lookup:'Email Entered' }} ","klaviyo_id":"{{ person.KlaviyoID }} "}`,
      context: withProperties({ "Email Entered": "Sarah@Example.com" }),
    },
    body: `{"email":"  Sarah@Example.com ","klaviyo_id":"${ID} "}`,
  },
  {
    what: "a user's own field names",
    rendered: {
      template: `{"id":"{{ person.KlaviyoID }}","email":"{{ email }}","full_name":"{{ person.full_name }}","phone_number":"{{ person.phone_number }}"}`,
      context: { profile: profileWith({ email: "a@example.com", phone_number: "+15005550006" }) },
    },
    body: `{"id":"${ID}","email":"a@example.com","full_name":"","phone_number":"+15005550006"}`,
  },
];
