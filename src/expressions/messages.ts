/** What a node and its expression processes say to one another. */

/** What is to be evaluated. */
export interface Evaluation {
  readonly expression: string;
  readonly inputJson: string;
  readonly mostResultCharacters: number;
}

/** What came of it: JSON, null for nothing at all; or what was wrong, as the rest of a sentence. */
export type Evaluated = { readonly resultJson: string | null } | { readonly fault: string };
