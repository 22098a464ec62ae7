//! `ticketing audit …`: the audit log, from the command line.

use super::print;
use crate::args::{AuditVerb, Output};
use crate::config::Config;
use crate::head;
use crate::wiring::{OpenStore, desk, operator};
use std::process::ExitCode;
use ticketing_core::desk::AuditProof;

/// Does what was asked on the store that is set, beside a server that may be running on it.
pub async fn run(config: Config, verb: AuditVerb) -> anyhow::Result<ExitCode> {
    let AuditVerb::Verify { output } = verb;
    let store = OpenStore::open(&config).await?;
    let proof = async {
        store.migrate().await?;
        verify(&config, &store).await
    };
    let proof = proof.await;
    store.close().await;
    let proof = proof?;
    print(&told(&proof, output)?)?;
    Ok(ExitCode::from(u8::from(!proof.ok)))
}

async fn verify(config: &Config, store: &OpenStore) -> anyhow::Result<AuditProof> {
    let desk = desk(config, store.port(), config.settings.app_url.as_deref().unwrap_or_default())?;
    let head = match &config.settings.audit_head_path {
        None => None,
        Some(path) => {
            let head = head::read(path)?;
            if head.is_none() {
                tracing::warn!(path = %path.display(), "AUDIT_HEAD_PATH: there is no such file; a cut end may go unnoticed");
            }
            head
        }
    };
    Ok(desk.verify_audit(operator(), head.as_ref()).await?)
}

fn told(proof: &AuditProof, output: Output) -> anyhow::Result<String> {
    if output.json {
        return Ok(serde_json::to_string(proof)?);
    }
    let Some(flaw) = &proof.first_bad else {
        return Ok(format!("the audit log is whole: {} lines checked", proof.checked));
    };
    let kind = serde_json::to_value(flaw.kind)?;
    let kind = kind.as_str().unwrap_or_default().replace('_', " ");
    let line = flaw.line.map(|id| format!(", line {id}")).unwrap_or_default();
    let seal = flaw.seal.map(|no| format!(", seal {no}")).unwrap_or_default();
    Ok(format!("the audit log is not whole: {kind}{line}{seal} ({} lines were good)", proof.checked))
}
