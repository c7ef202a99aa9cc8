mod reports;
mod schema;
