import Type from "typebox";
import { closed, RoleName, Timestamp } from "./primitives.ts";

/** Body of `POST /session`: as a person types it. */
export const SignIn = closed({
  customerCode: Type.String({ minLength: 1, maxLength: 128 }),
  apiKey: Type.String({ minLength: 1, maxLength: 200 }),
});

/** Body of `POST /session/_link`. */
export const SignInByLink = closed({ link: Type.String({ minLength: 1, maxLength: 200 }) });

/** Who is signed in, and what writes must send in `X-CSRF-Token`. */
export const Session = Type.Object({
  session: Type.Object({
    customerCode: Type.String(),
    email: Type.String(),
    role: RoleName,
    expiresAt: Timestamp,
    csrfToken: Type.String(),
  }),
});
