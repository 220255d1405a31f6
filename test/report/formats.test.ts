import { describe, expect, it } from 'vitest';
import { checkstyleReport } from '../../src/report/checkstyle.ts';
import { githubReport } from '../../src/report/github.ts';
import { gitlabReport } from '../../src/report/gitlab.ts';
import { humanReport } from '../../src/report/human.ts';
import { junitReport } from '../../src/report/junit.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { prometheusReport } from '../../src/report/prometheus.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { PLAIN } from '../../src/report/text.ts';
import { SAMPLE, SAMPLE_CHECKS, sampleFindings } from './sample.ts';

const docs = (code: string) => `https://example.org/${code}`;
const FORMATS = {
  human: () => humanReport(SAMPLE, { style: PLAIN, width: 80 }),
  sarif: () => sarifReport(SAMPLE, SAMPLE_CHECKS, docs),
  junit: () => junitReport(SAMPLE, SAMPLE_CHECKS),
  github: () => githubReport(SAMPLE),
  gitlab: () => gitlabReport(SAMPLE),
  checkstyle: () => checkstyleReport(SAMPLE),
  prometheus: () => prometheusReport(SAMPLE),
  markdown: () => markdownReport(SAMPLE),
};

describe('the same sample findings in every format', () => {
  it.each(Object.entries(FORMATS))('%s', (_, render) => {
    expect(render()).toMatchSnapshot();
  });

  it.each(Object.entries(FORMATS))('%s lets no control character through', (_, render) => {
    expect(render()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('GitHub annotations', () => {
  it('escape what would end a command or a property', () => {
    const report = {
      ...SAMPLE,
      findings: sampleFindings(1, { message: '100% of\nlines\r::error::', file: 'a,b:c.js' }),
    };
    expect(githubReport(report)).toContain('file=a%2Cb%3Ac.js');
    expect(githubReport(report)).toContain('100%25 of%0Alines\\r::error::');
    expect(
      githubReport(report)
        .split('\n')
        .filter((line) => line.startsWith('::error')),
    ).toHaveLength(1);
  });

  it('stay below the cap and count the rest', () => {
    const lines = githubReport({ ...SAMPLE, findings: sampleFindings(25) })
      .split('\n')
      .filter((line) => line.startsWith('::error'));
    expect(lines).toHaveLength(10);
    expect(lines[9]).toContain('16 more findings');
  });
});
