/** The `auth` of a call: how it proves who it is. */
import Type, { type Static } from "typebox";
import { tlsSchema } from "../tls-params.ts";

/** Secrets belong here as `{{secrets.CODE}}`. */
const Credential = (title: string, description: string, example: string) =>
  Type.String({ title, description, examples: [example], minLength: 1, maxLength: 8_192 });

const HeaderName = (description: string, example: string) =>
  Type.String({ title: "Header", description, examples: [example], minLength: 1, maxLength: 128 });

const BasicSchema = Type.Object(
  {
    type: Type.Literal("basic"),
    username: Type.String({ title: "User name", examples: ["shop"], maxLength: 1_024 }),
    password: Type.String({ title: "Password", examples: ["{{secrets.SHOP_PASSWORD}}"], maxLength: 8_192 }),
  },
  { title: "User name and password", description: "Sent as `Authorization: Basic …`.", additionalProperties: false },
);

const BearerSchema = Type.Object(
  {
    type: Type.Literal("bearer"),
    token: Credential("Token", "Sent as `Authorization: Bearer …`.", "{{secrets.CRM_TOKEN}}"),
  },
  { title: "Bearer token", additionalProperties: false },
);

const ApiKeySchema = Type.Object(
  {
    type: Type.Literal("apiKey"),
    in: Type.Optional(
      Type.Enum(["header", "query"], {
        title: "Where",
        description: "In a header, or in the query of the URL.",
        default: "header",
        examples: ["query"],
      }),
    ),
    name: Type.String({
      title: "Name",
      description: "The name of the header or of the search param.",
      examples: ["X-Api-Key"],
      minLength: 1,
      maxLength: 128,
    }),
    value: Credential("Key", "The key itself.", "{{secrets.WEATHER_KEY}}"),
  },
  { title: "API key", additionalProperties: false },
);

const OAuth2Schema = Type.Object(
  {
    type: Type.Literal("oauth2ClientCredentials"),
    tokenUrl: Type.String({
      title: "Token URL",
      description:
        "Where a token is asked for. It is kept until shortly before it expires, and used by all jobs with these credentials.",
      examples: ["https://login.example.com/oauth2/token"],
      minLength: 1,
      maxLength: 8_192,
    }),
    clientId: Credential("Client id", "As the other end has registered it.", "punctual"),
    clientSecret: Credential("Client secret", "Sent to the token URL only.", "{{secrets.CRM_CLIENT_SECRET}}"),
    clientAuthentication: Type.Optional(
      Type.Enum(["basic", "body"], {
        title: "Where the client secret goes",
        description: "In an Authorization header, or in the body beside `grant_type`.",
        default: "basic",
        examples: ["body"],
      }),
    ),
    scope: Type.Optional(
      Type.String({
        title: "Scope",
        description: "The scopes to ask for, with spaces between them.",
        examples: ["contacts.read contacts.write"],
        maxLength: 2_048,
      }),
    ),
    audience: Type.Optional(
      Type.String({
        title: "Audience",
        description: "What some servers want to be told of whom the token is for.",
        examples: ["https://api.example.com"],
        maxLength: 2_048,
      }),
    ),
    extraParams: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 2_048 }), {
        title: "Other params",
        description: "Sent to the token URL besides.",
        examples: [{ resource: "https://example.com" }],
        maxProperties: 20,
      }),
    ),
    tls: Type.Optional(
      Type.Object(tlsSchema.properties, {
        title: "TLS of the token URL",
        description:
          "As the `tls` of the call, for the token URL. Without it that of the call holds where both are of the same origin.",
        examples: [{ ca: "{{secrets.LOGIN_CA}}" }],
        additionalProperties: false,
      }),
    ),
  },
  {
    title: "OAuth 2 client credentials",
    description: "Asks the token URL for a token (RFC 6749, section 4.4) and sends it as `Authorization: Bearer …`.",
    additionalProperties: false,
  },
);

const HmacSchema = Type.Object(
  {
    type: Type.Literal("hmac"),
    secret: Credential("Secret", "The key of the signature.", "{{secrets.WEBHOOK_SECRET}}"),
    secretEncoding: Type.Optional(
      Type.Enum(["text", "hex", "base64"], {
        title: "What the secret is written in",
        description: "Text counts as its UTF-8 bytes.",
        default: "text",
        examples: ["base64"],
      }),
    ),
    header: HeaderName("The header that carries the signature.", "X-Signature"),
    algorithm: Type.Optional(
      Type.Enum(["sha256", "sha384", "sha512", "sha1"], { title: "Hash", default: "sha256", examples: ["sha512"] }),
    ),
    encoding: Type.Optional(
      Type.Enum(["hex", "base64"], { title: "Encoding of the signature", default: "hex", examples: ["base64"] }),
    ),
    prefix: Type.Optional(
      Type.String({
        title: "Prefix",
        description: "Stands before the signature in the header.",
        examples: ["sha256="],
        maxLength: 128,
      }),
    ),
    timestampHeader: Type.Optional(
      HeaderName(
        "If set, the seconds since 1970 go in this header, and the signature is that of them, a dot and the body.",
        "X-Timestamp",
      ),
    ),
  },
  {
    title: "Signature of the body",
    description: "An HMAC (RFC 2104) of the body as it is sent.",
    additionalProperties: false,
  },
);

/** How a call may prove who it is. */
export const authSchema = Type.Union([BasicSchema, BearerSchema, ApiKeySchema, OAuth2Schema, HmacSchema], {
  title: "Authentication",
  description: "How the call proves who it is. Write secrets as `{{secrets.CODE}}`.",
  examples: [{ type: "bearer", token: "{{secrets.CRM_TOKEN}}" }],
});

/** The `auth` of a call. */
export type AuthParams = Static<typeof authSchema>;

/** OAuth 2 client credentials. */
export type OAuth2Params = Static<typeof OAuth2Schema>;

/** A signature of the body. */
export type HmacParams = Static<typeof HmacSchema>;
