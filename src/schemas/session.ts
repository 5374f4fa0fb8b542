import Type from "typebox";
import { closed, nullable, RoleName, Timestamp } from "./primitives.ts";

/** Body of `POST /session`: as a person types it. */
export const SignIn = closed({
  customerCode: Type.String({ minLength: 1, maxLength: 128 }),
  apiKey: Type.String({ minLength: 1, maxLength: 200 }),
});

/** Body of `POST /session/_link`. */
export const SignInByLink = closed({ link: Type.String({ minLength: 1, maxLength: 200 }) });

const Session = Type.Object({
  customerCode: Type.String(),
  email: Type.String(),
  role: RoleName,
  expiresAt: Timestamp,
  csrfToken: Type.String({ description: "What writes must send in `X-CSRF-Token`." }),
});

/** Answer of a sign-in. */
export const SignedIn = Type.Object({ session: Session });

/** Answer of `GET /session`: null where nobody is signed in. */
export const SessionAnswer = Type.Object({ session: nullable(Session) });
