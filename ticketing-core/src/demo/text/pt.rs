//! What Portuguese-speaking customers write, and what they are answered.

use super::{DateStyle, Language, Topic};

pub(super) static PORTUGUESE: Language = Language {
    locale: "pt-BR",
    zone: "America/Sao_Paulo",
    offset: -3,
    share: 7,
    date: DateStyle::Slashed,
    money: ("R$ ", ""),
    cents: Some(","),
    hello: &["Olá,", "Bom dia,", "Olá, equipe Fjordrad,"],
    bye: &["Obrigado,", "Atenciosamente,", "Abraço,"],
    dear: &["Olá, %n,", "Bom dia, %n,"],
    regards: &["Um abraço,\n%a, Fjordrad", "Atenciosamente,\n%a", "Boas pedaladas,\n%a"],
    context: &[
        "Começou no dia %d e não mudei nada desde então.",
        "Já reiniciei o celular e a bicicleta, sem efeito.",
        "Uso a bicicleta todo dia para ir ao trabalho.",
        "É uma %p, número de série %s, firmware %v.",
    ],
    update: &[
        "uma atualização rápida: a oficina está com o seu caso e espero resposta até %f.",
        "obrigado pela paciência. A equipe técnica já recebeu os seus dados.",
        "conseguimos reproduzir aqui em uma %p com %v, o que encurta a busca.",
    ],
    waiting: &[
        "a peça está em falta e deve chegar por volta de %f. Aviso assim que sair.",
        "estamos esperando a resposta da transportadora.",
    ],
    nudge: &[
        "Alguma novidade?",
        "Desculpe insistir, não tenho notícias desde %d.",
        "Preciso da bicicleta até %f. Qual é o prazo?",
        "Notei mais uma coisa: só acontece de manhã, por volta das %h.",
    ],
    thanks: &["Resolvido, muito obrigado!", "Perfeito, tudo funcionando. Valeu, %a.", "Recebido, podem encerrar."],
    still: &["Comemorei cedo demais: aconteceu de novo hoje às %h.", "Infelizmente o problema voltou."],
    topics: [
        Topic {
            subjects: &["Não consigo entrar no aplicativo", "Conta bloqueada"],
            openings: &[
                "desde ontem à noite o aplicativo diz que a minha senha está errada, mas não está.",
                "troquei de celular e o acesso pede um código do aparelho antigo.",
            ],
            details: &["Pedi o link três vezes e sempre aparece %e."],
            asks: &["com qual endereço você entra, e aparece um código como E-123?"],
            answers: &["Com este mesmo endereço. Aparece %e."],
            fixes: &[
                "desbloqueei a conta e mandei um link novo, válido por 24 horas. Só o último link funciona.",
                "desliguei o segundo fator. Entre com a senha e configure de novo em Conta, Segurança.",
            ],
        },
        Topic {
            subjects: &["Fatura %i com valor errado", "Pedido %o cobrado duas vezes"],
            openings: &[
                "a fatura %i do pedido %o cobra %t a mais do que a confirmação.",
                "o pedido %o foi cobrado duas vezes, %t em cada uma.",
            ],
            details: &["Preciso da fatura corrigida até %f."],
            asks: &["pode me enviar o CNPJ e a razão social exata?"],
            answers: &["A razão social está na minha assinatura, o resto na confirmação de %o."],
            fixes: &[
                "você tem razão, o cadeado não deveria estar lá. A fatura %i foi cancelada e %t serão devolvidos.",
                "a segunda cobrança era só uma reserva e já foi liberada. A fatura %i está correta.",
            ],
        },
        Topic {
            subjects: &["Onde está o pedido %o?", "Entrega de %o atrasada"],
            openings: &[
                "o pedido %o deveria ter chegado em %d e ainda não veio.",
                "o rastreio de %r não muda desde %d.",
            ],
            details: &["Tirei um dia de folga para receber."],
            asks: &["uma entrega em %f entre 9h e 13h serve para você?"],
            answers: &["Serve, sim. Peça para o motorista ligar antes."],
            fixes: &[
                "a caixa ficou no depósito no palete errado. Saiu hoje com o número %r e chega em %f, sem custo de frete.",
            ],
        },
        Topic {
            subjects: &["Bicicleta aparece offline", "O hub perdeu %q bicicletas"],
            openings: &[
                "minha %p está offline no aplicativo desde %d, mas está ligada ao meu lado.",
                "o hub do nosso depósito perdeu %q bicicletas de uma vez às %h.",
            ],
            details: &["A luz do rastreador pisca duas vezes em vermelho."],
            asks: &["pode segurar o botão por doze segundos, esperar um minuto e me dizer a cor da luz?"],
            answers: &["Ficou laranja, mas continua offline. Número de série %s."],
            fixes: &[
                "o chip do rastreador tinha sido suspenso por engano. Está ativo e vejo a bicicleta online desde as %h.",
                "o hub estava com o perfil de rede antigo. Enviei o novo e todas as bicicletas voltaram em dez minutos.",
            ],
        },
        Topic {
            subjects: &["Tela preta depois da atualização %v", "Sem assistência desde a %v"],
            openings: &[
                "ontem à noite a atualização %v parou em 60%% e a tela ficou preta.",
                "depois de passar de %w para %v o motor não ajuda mais e aparece %e.",
            ],
            details: &["A bateria estava em 80%% e o celular ao lado."],
            asks: &["ligue o carregador e segure mais e menos por quinze segundos: aparece uma chave pequena?"],
            answers: &["Aparece a chave e depois %e. O número de série é %s."],
            fixes: &[
                "é o modo de resgate. Liberei um pacote de reparo para %s: aplicativo, Serviço, Reparar firmware.",
            ],
        },
        Topic {
            subjects: &["Reembolso do pedido %o", "Cancelar o pedido %o"],
            openings: &[
                "devolvi os alforjes de %o em %d e os %t não chegaram.",
                "quero cancelar %o, o quadro é grande demais para mim.",
            ],
            details: &["O rastreio mostra que o depósito recebeu a devolução."],
            asks: &["pode me enviar o número da devolução?"],
            answers: &["É %r, postado em %d."],
            fixes: &[
                "a devolução estava em outro pedido. Corrigi, e %t aparecem no cartão em cinco dias úteis.",
                "o pedido %o foi cancelado e %t serão devolvidos.",
            ],
        },
        Topic {
            subjects: &["Pedido de acesso aos meus dados", "Excluir minha conta"],
            openings: &[
                "com base na LGPD peço uma cópia de todos os meus dados, inclusive os trajetos.",
                "vendi a minha %p e quero excluir a conta.",
            ],
            details: &["Confirmem o recebimento e o prazo, por favor."],
            asks: &["para ter certeza de que é você, pode confirmar o pedido no aplicativo, em Privacidade?"],
            answers: &["Confirmado no aplicativo."],
            fixes: &[
                "a sua cópia está no aplicativo, em Privacidade, por 14 dias.",
                "a conta e os trajetos foram excluídos hoje. Guardamos só as notas, pelo prazo da lei.",
            ],
        },
        Topic {
            subjects: &["API responde 429 à noite", "Limite baixo em /v2/positions"],
            openings: &[
                "a sincronização das nossas %q bicicletas recebe HTTP 429 de /v2/positions desde %d.",
                "na %g chegamos ao limite todo dia por volta das %h.",
            ],
            details: &["Fazemos umas quatro chamadas por segundo com uma chave."],
            asks: &["mais de um serviço usa a mesma chave? O limite conta por chave."],
            answers: &["Sim, a sincronização e o painel. Não tínhamos pensado nisso."],
            fixes: &[
                "há uma segunda chave na Fleet Console. Com a chamada em lote basta uma requisição para 100 bicicletas.",
            ],
        },
        Topic {
            subjects: &["Configurar SSO para %g", "Login SAML volta ao início"],
            openings: &[
                "queremos que a equipe da %g entre na Fleet Console com o nosso provedor de identidade.",
                "desde que ligamos o SSO, o login volta ao início sem mensagem.",
            ],
            details: &["São %q pessoas paradas."],
            asks: &["qual atributo traz o e-mail e qual é o endereço dos metadados?"],
            answers: &["O atributo é mail, os metadados estão no console."],
            fixes: &[
                "o SSO está ativo para a %g. Pessoas novas recebem o papel de despacho.",
                "o provedor assinava a resposta, mas não a asserção. Ajustei para a %g e um teste às %h funcionou.",
            ],
        },
        Topic {
            subjects: &["Ideia: exportar trajetos em GPX", "Sugestão: modo escuro"],
            openings: &[
                "gostaria de exportar todos os trajetos em GPX de uma vez.",
                "à noite a tela brilha demais, um modo escuro ajudaria.",
            ],
            details: &["De resto, adoro a minha %p."],
            asks: &["obrigado pela ideia! Seria no celular ou no computador?"],
            answers: &["No computador, uma vez por mês."],
            fixes: &["a sua ideia está na lista que a equipe de produto lê todo mês. Não posso prometer data."],
        },
        Topic {
            subjects: &["Recall da bateria: %s é afetada?", "Bateria esquenta muito"],
            openings: &[
                "recebi a carta do recall e quero saber se %s é afetada.",
                "a bateria fica muito quente ao carregar e estou preocupado.",
            ],
            details: &["Por enquanto está na varanda."],
            asks: &["não carregue mais, por favor. Qual é o lote na etiqueta, e ela está inchada?"],
            answers: &["Lote B240611, um pouco inchada de um lado."],
            fixes: &["a sua bateria é afetada. Um mensageiro leva a nova em %f e recolhe a antiga em caixa segura."],
        },
        Topic {
            subjects: &["Aplicativo em norueguês", "Tela em milhas"],
            openings: &[
                "desde a última atualização o aplicativo fala norueguês comigo, e o celular está em português.",
                "a tela mostra milhas desde a %v.",
            ],
            details: &["Mudo a opção e ela volta sozinha."],
            asks: &["qual idioma e qual região estão no celular?"],
            answers: &["Português, região Noruega, porque trabalho lá."],
            fixes: &["o aplicativo confundia região e idioma. A conta está fixada em português, e-mails também."],
        },
        Topic {
            subjects: &["Bicicleta roubada, ativem o rastreio", "Roubaram a minha %p"],
            openings: &[
                "roubaram a minha %p (%s) do pátio esta noite. Ativem o modo roubo já, por favor.",
                "a bicicleta sumiu, o aplicativo mostra uma posição das %h e a polícia pede um documento.",
            ],
            details: &["O boletim já foi feito, número 8841/%q."],
            asks: &["o modo roubo está ativo. Pode me enviar o número do boletim?"],
            answers: &["Está na primeira mensagem, pedem as últimas 24 horas."],
            fixes: &["as posições foram para a delegacia e o motor está bloqueado. Tomara que apareça logo."],
        },
        Topic {
            subjects: &["Freios chiam depois de 300 km", "Garantia: freio traseiro sem pressão"],
            openings: &[
                "com 300 km o freio dianteiro da minha %p chia muito alto.",
                "o freio traseiro perde pressão e a alavanca encosta no punho.",
            ],
            details: &["A loja diz que é desgaste, eu discordo."],
            asks: &["pode mandar uma foto das pastilhas e o número do pedido?"],
            answers: &["As fotos estão a caminho, o pedido é %o."],
            fixes: &["é garantia, sem dúvida. As peças vão para a sua loja (%r) e a mão de obra é por nossa conta."],
        },
    ],
};
