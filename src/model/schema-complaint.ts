/** A validator's complaint, as Ajv and TypeBox both shape it. */
export interface SchemaComplaint {
  readonly keyword: string;
  /** Where in the schema; what belongs to a branch of a union begins with that branch's place. */
  readonly schemaPath?: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}
