/** The kind of endpoint that a job recommends. */
export enum EndpointType {
  /** A real-time endpoint: it runs on instances of a type that you choose, all the time. */
  REAL_TIME = 'RealTime',
  /** A serverless endpoint: the service provides capacity for each request. */
  SERVERLESS = 'Serverless',
  /**
   * Either of them. A recommendation needs a target load then: what the load costs an hour decides between the kinds. A template has to know the kind, so a
   * `Variant` takes no such recommendation: read its `summary`, and then set the kind.
   */
  ANY = 'Any',
}
