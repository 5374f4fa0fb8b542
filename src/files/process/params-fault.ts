/** What was asked for cannot be done with any file: a schema, an expression or a mapping is at fault. */
export class ParamsFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ParamsFault";
  }
}
