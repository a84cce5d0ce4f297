import { RunReport } from '@godwit/contracts/report';
import { Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { pagePolicy } from '../http/security-headers.ts';
import { renderReport } from './render-report.ts';
import { REPORT_STYLE } from './report-style.ts';
import { Reports } from './reports.ts';

const PAGE_POLICY = pagePolicy(REPORT_STYLE);
const DESCRIPTION =
  'Who moved what, when and how: findings, steps with their attempts, volumes, objects, hooks, and what was left on purpose. It has no secret, no manifest and no output of a hook. A run that goes on is told as far as it is.';

/** What a run was and did, to be kept and printed. */
@ApiController('runs')
export class ReportsController {
  constructor(private readonly reports: Reports) {}

  @Get(':id/report')
  @ApiOperation({
    summary: 'Get the report of a run',
    description: `${DESCRIPTION} As JSON, or as the page of /report.html if that is what is accepted.`,
  })
  @ApiOkResponse({ standardSchema: RunReport })
  async report(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const report = found(await this.reports.of(organisationId, id), 'run');
    response.vary('Accept');
    return request.accepts(['json', 'html']) === 'html' ? asPage(report, response) : report;
  }

  @Get(':id/report.html')
  @ApiOperation({ summary: 'Get the report of a run as a page to print', description: DESCRIPTION })
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  async page(@OrganisationId() organisationId: string, @IdParam() id: string, @Res({ passthrough: true }) response: Response) {
    return asPage(found(await this.reports.of(organisationId, id), 'run'), response);
  }
}

function asPage(report: RunReport, response: Response): string {
  response.set({ 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': PAGE_POLICY });
  return renderReport(report);
}
