/** What pulling an image takes, besides an authorization token. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push.html */
export const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
