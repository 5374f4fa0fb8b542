/** What was asked for cannot be done with any file: a schema, an expression or a mapping is at fault. */
export class ParamsFault extends Error {
  /** JSON Pointer into the params. */
  readonly path: string;

  /** @param step as steps are named: `sourceSchema`, `transformers/0`, `transformers/0/schema`, `targetSchema` */
  constructor(step: string, message: string) {
    super(`${step}${message}`);
    this.name = "ParamsFault";
    this.path = `/${step}`;
  }
}
