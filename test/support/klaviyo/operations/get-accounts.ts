import type { Operation } from "../operation.ts";

export const getAccounts: Operation = {
  operationId: "get_accounts",
  method: "GET",
  path: "/api/accounts",
  limits: { burst: 1, steady: 15 },
  scopes: ["accounts:read"],
  handle(call, { facts }) {
    const attributes = {
      test_account: facts.test_account,
      contact_information: {
        default_sender_name: facts.organization_name,
        default_sender_email: "sender@example.com",
        website_url: "http://www.example.com",
        organization_name: facts.organization_name,
        street_address: {
          address1: "1 Example Street",
          address2: "Floor 2",
          city: "Example City",
          region: null,
          country: "Denmark",
          zip: "0000",
        },
      },
      industry: "Software / SaaS",
      timezone: facts.timezone,
      preferred_currency: facts.preferred_currency,
      public_api_key: facts.public_api_key,
      locale: facts.locale,
    };
    const links = { self: `${call.origin}/api/accounts/${facts.id}/` };
    const data = [{ type: "account", id: facts.id, attributes, links }];
    return { status: 200, body: { data, links: { self: call.origin + call.target, next: null, prev: null } } };
  },
};
