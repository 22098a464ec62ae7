use crate::config::Config;
pub async fn run(c: Config, _o: bool) -> anyhow::Result<std::process::ExitCode> {
    let stop = crate::server::stop_signal()?;
    let l = crate::server::bind(&c.settings.host, c.settings.port).await?;
    println!("listening on http://{}", crate::server::authority(&c.settings.host, l.local_addr()?.port()));
    crate::server::serve(l, axum::Router::new().route("/", axum::routing::get(|| async { "x" })), stop, c.settings.shutdown_timeout).await;
    Ok(std::process::ExitCode::SUCCESS)
}
