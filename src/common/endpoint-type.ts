/** The two kinds of endpoint that a job recommends. */
export enum EndpointType {
  /** Instances of your choice, always there. */
  REAL_TIME = 'RealTime',
  /** Capacity by the request. */
  SERVERLESS = 'Serverless',
}
