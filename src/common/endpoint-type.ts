/** The kind of endpoint that a job recommends. */
export enum EndpointType {
  /** A real-time endpoint: it runs on instances of a type that you choose, all the time. */
  REAL_TIME = 'RealTime',
  /** A serverless endpoint: the service provides capacity for each request. */
  SERVERLESS = 'Serverless',
}
