use crate::{args::Output, config::{BadSetting, Config}};
pub async fn run(c: Result<Config, BadSetting>, _o: Output) -> anyhow::Result<std::process::ExitCode> { c?; Ok(std::process::ExitCode::SUCCESS) }
