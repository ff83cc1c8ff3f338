/** The model that all apps of the bench use. */
export const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1';
export const BUCKET = 'artifacts';
export const MODEL_DATA = 'model.tar.gz';
export const PAYLOAD = 'payload.tar.gz';
