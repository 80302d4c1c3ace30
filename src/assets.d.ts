declare module "*.png" {
  const path: string;
  export default path;
}

declare module "*.sql" {
  const text: string;
  export default text;
}
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.pem" {
  const text: string;
  export default text;
}
