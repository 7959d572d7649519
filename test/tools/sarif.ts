type Sarif = {
  readonly version?: unknown;
  readonly runs?: readonly {
    readonly tool?: {
      readonly driver?: { readonly name?: unknown; readonly rules?: readonly { readonly id: string }[] };
    };
    readonly results?: readonly {
      readonly ruleId?: string;
      readonly message?: { readonly text?: string };
      readonly locations?: readonly {
        readonly physicalLocation?: {
          readonly artifactLocation?: { readonly uri?: string };
          readonly region?: { readonly startLine?: number };
        };
      }[];
    }[];
  }[];
};

/**
 * What GitHub's upload would refuse or not show.
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export const sarifProblems = (text: string): string[] => {
  const { version, runs = [] } = JSON.parse(text) as Sarif;
  const problems: string[] = [];
  if (version !== '2.1.0') problems.push(`the version is ${version}`);
  if (runs.length === 0) problems.push('no run');
  for (const { tool, results } of runs) {
    if (typeof tool?.driver?.name !== 'string') problems.push('no tool.driver.name');
    if (!Array.isArray(results)) problems.push('no results, not even an empty list');
    const rules = new Set(tool?.driver?.rules?.map(({ id }) => id));
    for (const { ruleId = '', message, locations } of results ?? []) {
      const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
      if (!rules.has(ruleId)) problems.push(`no rule ${ruleId}`);
      if (!message?.text) problems.push(`${ruleId}: no message`);
      if (!artifactLocation?.uri || /^(?:\/|file:)/.test(artifactLocation.uri)) {
        problems.push(`${ruleId}: the place is ${artifactLocation?.uri}`);
      }
      if (!((region?.startLine ?? 0) >= 1)) problems.push(`${ruleId}: no line`);
    }
  }
  return problems;
};

/** How many findings the report has. */
export const sarifResults = (text: string): number =>
  ((JSON.parse(text) as Sarif).runs ?? []).reduce((sum, { results = [] }) => sum + results.length, 0);
