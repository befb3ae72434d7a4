/** A request of the EC2 query API: flat form fields with numbered lists. */
export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** A parsed request of the EC2 Query API. */
export interface Ec2Query {
  readonly action: string;
  readonly filters: readonly Filter[];
  readonly maxResults: number | null;
  readonly nextToken: string | null;
  /** `InstanceId.1`, `InstanceId.2` … in order. */
  list(name: string): readonly string[];
  text(name: string): string | null;
}

/** Parses a form-encoded request. Absent parameters are null or empty lists; nothing throws. */
export function readEc2Query(body: string): Ec2Query {
  const fields = new URLSearchParams(body);
  const list = (name: string): string[] => {
    const values: string[] = [];
    for (let index = 1; fields.has(`${name}.${index}`); index += 1) values.push(fields.get(`${name}.${index}`) ?? '');
    return values;
  };
  const filters: Filter[] = [];
  for (let index = 1; fields.has(`Filter.${index}.Name`); index += 1) {
    filters.push({ name: fields.get(`Filter.${index}.Name`) ?? '', values: list(`Filter.${index}.Value`) });
  }
  const maxResults = fields.get('MaxResults');
  return {
    action: fields.get('Action') ?? '',
    filters,
    maxResults: maxResults === null ? null : Number(maxResults),
    nextToken: fields.get('NextToken'),
    list,
    text: (name) => fields.get(name),
  };
}

/** An error of the EC2 API. */
export class Ec2Error extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
